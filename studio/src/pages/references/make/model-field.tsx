/** Which model: with what it takes of references, what it costs, and what becomes of the chosen ones. */
import { Label, Radio, RadioGroup } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { creditsText } from '../../../parts/credits.tsx';
import { type Model, pricedModelsQuery } from '../../../queries/plan.ts';
import type { Wish } from './make-order.ts';
import { type FitSummary, useFits } from './use-fits.ts';

interface ModelFieldProps {
  readonly wish: Wish;
  readonly onChange: (model: string) => void;
}

export function ModelField({ wish, onChange }: ModelFieldProps) {
  const { data = [] } = useQuery(pricedModelsQuery(wish.size, 'medium'));
  const fits = useFits(wish.references);
  const together = wish.pairing === 'together' ? wish.references.length : 1;
  const models = data.filter(({ references, available }) => references.count > 0 && available);
  return (
    <RadioGroup value={wish.model} onChange={onChange} variant="secondary">
      <Label>Model</Label>
      <div className="divide-y divide-separator rounded-md border border-separator">
        <Choice
          id="auto"
          title="Let the rule choose"
          price="by the guide"
          about="The plan says which, and why."
        />
        {models.map((model) => {
          const obstacle = obstacleOf(model, together, fits.get(model.model));
          return (
            <Choice
              key={model.model}
              id={model.model}
              title={model.title}
              price={model.credits === null ? '' : `${creditsText(model.credits)} an image`}
              about={obstacle ?? aboutOf(model, fits.get(model.model))}
              isDisabled={obstacle !== undefined}
            />
          );
        })}
      </div>
    </RadioGroup>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly title: string;
  readonly price: string;
  readonly about: string;
  readonly isDisabled?: boolean;
}

function Choice({ id, title, price, about, isDisabled = false }: ChoiceProps) {
  return (
    <Radio value={id} isDisabled={isDisabled} className="mt-0 px-3 py-2">
      <Radio.Content className="w-full">
        <Radio.Control className="border border-muted">
          <Radio.Indicator />
        </Radio.Control>
        <span className="min-w-0 grow">
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span className="text-sm font-medium">{title}</span>
            <span className="ml-auto text-xs text-muted tabular-nums">{price}</span>
          </span>
          <span className="block text-xs text-muted">{about}</span>
        </span>
      </Radio.Content>
    </Radio>
  );
}

function obstacleOf(
  { references, excluded }: Model,
  together: number,
  fit: FitSummary | undefined,
): string | undefined {
  if (excluded !== null) return excluded;
  if (together > references.count) {
    return `Takes ${references.count} at once, and ${together} are chosen.`;
  }
  return fit?.message === null || fit === undefined ? undefined : `${fit.message}.`;
}

function aboutOf({ references }: Model, fit: FitSummary | undefined): string {
  const most = `Takes up to ${references.count} ${references.count === 1 ? 'reference' : 'references'}`;
  if (fit === undefined) return `${most}.`;
  return fit.fitted === 0
    ? `${most}, these as they are.`
    : `${most}; ${fit.fitted} of these ${fit.fitted === 1 ? 'is' : 'are'} sent as a fitted copy.`;
}
