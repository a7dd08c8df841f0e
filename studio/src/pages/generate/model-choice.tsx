/** Which models make the images: the cheapest by the rule, or those that are chosen, in turn. */
import { Button, Card, Skeleton, ToggleButton, ToggleButtonGroup } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { type Model, type Plan, pricedModelsQuery } from '../../queries/plan.ts';
import { type Quality, whyNot } from './model-facts.ts';
import { ModelTable } from './model-table.tsx';
import { useDraft } from './use-draft.tsx';

const FEW = 6;

interface ModelChoiceProps {
  readonly size: string;
  readonly quality: Quality;
  readonly plan: Plan | undefined;
}

export function ModelChoice({ size, quality, plan }: ModelChoiceProps) {
  const { draft, set } = useDraft();
  const { data, error, isPending, refetch } = useQuery(pricedModelsQuery(size, quality));
  const [isAll, setIsAll] = useState(false);
  const chosen = draft.settings.models ?? ['auto'];
  const isAuto = chosen[0] === 'auto';
  const begin = () =>
    set({ models: firstOf(plan, data?.find(({ available }) => available)?.model) });
  const shown = isAuto ? (plan?.models.map(({ model }) => model) ?? []) : chosen;
  const models = inOrder(data ?? [], shown);
  const few = models.slice(0, Math.max(FEW, shown.length));
  return (
    <Card className="min-w-0 gap-3 p-4">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-base font-medium">Models</h2>
        <ToggleButtonGroup
          aria-label="How models are chosen"
          selectionMode="single"
          disallowEmptySelection
          size="sm"
          selectedKeys={[isAuto ? 'auto' : 'own']}
          onSelectionChange={(keys) => (keys.has('auto') ? set({ models: ['auto'] }) : begin())}
        >
          <ToggleButton id="auto">The cheapest that fits</ToggleButton>
          <ToggleButton id="own">My choice</ToggleButton>
        </ToggleButtonGroup>
      </div>
      <Why isAuto={isAuto} count={chosen.length} rotate={draft.settings.rotate_every} plan={plan} />
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton className="h-48 w-full rounded" />}
      {data && (
        <ModelTable
          models={isAll ? models : few}
          quality={quality}
          chosen={shown}
          onChosen={(next) => set({ models: next.length === 0 ? ['auto'] : [...next] })}
        />
      )}
      {models.length > few.length && (
        <Button size="sm" variant="ghost" className="self-start" onPress={() => setIsAll(!isAll)}>
          {isAll ? 'Fewer models' : `All ${models.length} models`}
        </Button>
      )}
    </Card>
  );
}

/** Those that are chosen first, then those that can be, then the others; what has ended is not told. */
function inOrder(models: readonly Model[], chosen: readonly string[]): readonly Model[] {
  const there = models.filter(({ lifecycle }) => lifecycle.state !== 'retired');
  const rank = (model: Model) =>
    chosen.includes(model.model) ? 0 : whyNot(model) === undefined ? 1 : 2;
  return there.toSorted((a, b) => rank(a) - rank(b));
}

/** Own choice begins with what the rule took. */
function firstOf(plan: Plan | undefined, cheapest: string | undefined): string[] {
  const planned = plan?.models.map(({ model }) => model) ?? [];
  return planned.length > 0 ? planned : [cheapest ?? 'demo'];
}

interface WhyProps {
  readonly isAuto: boolean;
  readonly count: number;
  readonly rotate: number | 'half' | 'auto' | undefined;
  readonly plan: Plan | undefined;
}

function Why({ isAuto, count, rotate = 30, plan }: WhyProps) {
  if (isAuto && plan !== undefined && plan.choice.length > 0) {
    return (
      <ul className="text-sm text-muted">
        {plan.choice.toReversed().map((line) => (
          <li key={line}>{line.replace(/^auto chooses/, 'It chooses').replace(/^auto, /, '')}</li>
        ))}
      </ul>
    );
  }
  if (isAuto) {
    return (
      <p className="text-sm text-muted">
        Each row goes to the cheapest model of the guide that makes its size.
      </p>
    );
  }
  if (count < 2) {
    return <p className="text-sm text-muted">Choose several, and they take turns.</p>;
  }
  const turn =
    rotate === 'half'
      ? 'each makes a part of the sheet, one after the other'
      : rotate === 'auto'
        ? 'the next takes over when one loses detail'
        : `the next takes over every ${rotate} prompts`;
  return (
    <p className="text-sm text-muted">
      {count} models take turns: {turn}.
    </p>
  );
}
