/** One model: what it costs, whether it can be used; all that is known of it below. */
import { useState } from 'react';
import { Button, Checkbox, Chip } from '@heroui/react';
import { ChevronRight } from 'lucide-react';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { Row } from '../parts/section.tsx';
import type { Model } from './find-models.ts';
import { ModelFacts } from './model-facts.tsx';
import { referencesText, speedText } from './model-words.ts';
import { PriceTable } from './price-table.tsx';

interface ModelRowProps {
  readonly of: Model;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

export function ModelRow({ of: model, isChosen, onChoose }: ModelRowProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Row
      title={model.title}
      marks={<ModelMarks of={model} />}
      facts={[
        `${model.vendor} · ${model.model}`,
        model.credits !== null && `from ${creditsText(lowest(model))}${dollars(model)} an image`,
        speedText(model),
        model.references.count > 0 && `references ${referencesText(model).split(',')[0]}`,
      ]}
      actions={
        <Checkbox isSelected={isChosen} onChange={onChoose}>
          <Checkbox.Content>
            <Checkbox.Control>
              <Checkbox.Indicator />
            </Checkbox.Control>
            <span className="sr-only">Compare {model.title}</span>
          </Checkbox.Content>
        </Checkbox>
      }
    >
      {model.to_use !== null && <p className="mt-1 text-sm text-warning">{model.to_use}</p>}
      <Button
        size="sm"
        variant="ghost"
        className="mt-1 -ml-2"
        aria-expanded={isOpen}
        onPress={() => setIsOpen(!isOpen)}
      >
        <ChevronRight aria-hidden className={`size-4 ${isOpen ? 'rotate-90' : ''}`} />
        Prices and facts
        <span className="sr-only">of {model.title}</span>
      </Button>
      {isOpen && (
        <div className="mt-2 flex flex-col gap-4">
          <PriceTable of={model} />
          <ModelFacts of={model} />
        </div>
      )}
    </Row>
  );
}

function ModelMarks({ of: model }: { readonly of: Model }) {
  const { state, since, replacement } = model.lifecycle;
  return (
    <>
      {state !== 'active' && (
        <Chip size="sm" variant="soft" color={state === 'retired' ? 'danger' : 'warning'}>
          {state} {since}
          {replacement && `, take ${replacement}`}
        </Chip>
      )}
      {model.available && (
        <Chip size="sm" variant="soft" color="success">
          usable
        </Chip>
      )}
      {model.lanes.includes('batch') && (
        <Chip size="sm" variant="soft">
          half price
        </Chip>
      )}
      {model.in_auto && (
        <Chip size="sm" variant="soft">
          auto
        </Chip>
      )}
    </>
  );
}

function lowest(model: Model): number {
  return Math.min(...model.prices.map(({ credits }) => credits), model.credits ?? Infinity);
}

function dollars(model: Model): string {
  const known = model.prices.flatMap(({ usd }) => (usd === null ? [] : [usd]));
  return known.length === 0 ? '' : ` (${usdText(Math.min(...known))} at the vendor)`;
}
