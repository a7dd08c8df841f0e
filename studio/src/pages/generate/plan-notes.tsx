/** What to know before: what could be cheaper, what is done otherwise than written, what was assumed. */
import { Button, Disclosure } from '@heroui/react';
import { Info, TriangleAlert } from 'lucide-react';
import { creditsText } from '../../parts/credits.tsx';
import { spanText } from '../../parts/time.ts';
import type { Plan } from '../../queries/plan.ts';
import { useDraft } from './use-draft.tsx';

const FEW = 4;
const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

export function PlanNotes({ plan }: { readonly plan: Plan }) {
  return (
    <>
      <CheaperWays plan={plan} />
      {plan.warnings.length > 0 && (
        <ul
          className="flex max-h-60 flex-col gap-2 overflow-auto text-sm"
          aria-label="Warnings"
          tabIndex={0}
        >
          {plan.warnings.map((warning) => (
            <li key={warning} className="flex gap-2">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
              <span className="min-w-0 break-words">{warning}</span>
            </li>
          ))}
        </ul>
      )}
      {plan.references.pictures > 0 && (
        <p className="flex gap-2 text-sm text-muted">
          <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
          {picturesText(plan.references)}
        </p>
      )}
      {plan.assumptions.length > 0 && <Assumptions texts={plan.assumptions} />}
    </>
  );
}

function CheaperWays({ plan }: { readonly plan: Plan }) {
  const { draft, set } = useDraft();
  const { lane = 'live' } = draft.settings;
  const now = plan.total.expected.credits;
  const { batch } = plan.lanes;
  const models = new Set(plan.models.map(({ model }) => model));
  const cheaper = plan.alternatives
    .filter((each) => each.available && each.excluded === undefined && !models.has(each.model))
    .filter(({ credits, model }) => credits < now && model !== 'demo')
    .toSorted((a, b) => a.credits - b.credits)
    .slice(0, 2);
  const saving = lane === 'live' && batch !== undefined ? now - batch.credits : 0;
  if (cheaper.length === 0 && saving <= 0) return null;
  return (
    <ul className="flex flex-col gap-2" aria-label="Cheaper ways">
      {saving > 0 && batch && (
        <li>
          <Way
            text={`Half price in batches: ${creditsText(batch.credits)}${inText(batch.finish_seconds)}`}
            action={`Save ${NUMBER.format(saving)}`}
            onPress={() => set({ lane: 'batch', deadline: undefined })}
          />
        </li>
      )}
      {cheaper.map(({ model, credits, finish_seconds: seconds }) => (
        <li key={model}>
          <Way
            text={`${model}: ${creditsText(credits)}${inText(seconds)}`}
            action={`Save ${NUMBER.format(now - credits)}`}
            onPress={() => set({ models: [model] })}
          />
        </li>
      ))}
    </ul>
  );
}

interface WayProps {
  readonly text: string;
  readonly action: string;
  readonly onPress: () => void;
}

function Way({ text, action, onPress }: WayProps) {
  return (
    <div className="flex items-center justify-between gap-3 rounded-md bg-default px-3 py-2 text-sm">
      <span className="min-w-0 tabular-nums">{text}</span>
      <Button size="sm" variant="outline" className="shrink-0" onPress={onPress}>
        {action}
      </Button>
    </div>
  );
}

function inText(seconds: number | null): string {
  return seconds === null ? '' : ` in ${spanText(seconds)}`;
}

function picturesText({ pictures, fitted }: Plan['references']): string {
  const count = pictures === 1 ? '1 reference' : `${pictures} references`;
  return fitted === 0
    ? `${count}, sent as they are.`
    : `${count}; ${fitted} of them made to fit the model's limits. The originals stay as they are.`;
}

function Assumptions({ texts }: { readonly texts: readonly string[] }) {
  return (
    <Disclosure>
      <Disclosure.Heading>
        <Button slot="trigger" size="sm" variant="ghost">
          What was assumed
          <Disclosure.Indicator />
        </Button>
      </Disclosure.Heading>
      <Disclosure.Content>
        <Disclosure.Body>
          <ul className="list-disc pl-5 text-sm text-muted">
            {texts.slice(0, FEW).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Disclosure.Body>
      </Disclosure.Content>
    </Disclosure>
  );
}
