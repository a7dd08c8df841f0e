/** Where images begin: prompts or a sheet, models, settings, and the plan of them as one types. */
import { useMemo } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ApiError } from '../../client.ts';
import { Page } from '../../parts/page.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { type Model, pricedModelsQuery, usePlan } from '../../queries/plan.ts';
import { runsQuery } from '../../queries/runs.ts';
import { useMay, useSession } from '../../queries/session.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { isUntouched } from '../../parts/draft/draft.ts';
import { MakeButtons } from './make-buttons.tsx';
import { ModelChoice } from './model-choice.tsx';
import { orderOf } from './order.ts';
import { placedProblems, problemText } from './plan-problems.ts';
import { PlanPanel } from './plan-panel.tsx';
import { PromptSource } from './prompt-source.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { DraftProvider, useDraft } from './use-draft.tsx';
import { Welcome } from './welcome.tsx';

export function GeneratePage() {
  const session = useSession();
  const may = useMay('runs:write');
  if (session === undefined) return <PageSkeleton />;
  if (!may) {
    return (
      <Page title="Generate">
        <EmptyPanel
          title="Your key may look, and not make images"
          detail="Ask whoever keeps this workspace for a key of a member."
        />
      </Page>
    );
  }
  return (
    <DraftProvider workspace={session.workspace.workspace}>
      <Generator />
    </DraftProvider>
  );
}

const NO_MODELS: readonly Model[] = [];

function Generator() {
  const { draft } = useDraft();
  const { size = '1024x1024', quality = 'medium', models: chosen = ['auto'] } = draft.settings;
  const order = useMemo(() => orderOf(draft), [draft]);
  const planned = usePlan(order);
  const plan = order === undefined ? undefined : planned.data;
  const { data: models = NO_MODELS } = useQuery(pricedModelsQuery(size, quality));
  const usable = useMemo(
    () => models.filter(({ available }) => available).map(({ model }) => model),
    [models],
  );
  const problems = usePlacedProblems(order === undefined ? null : planned.error);
  const making = chosen[0] === 'auto' ? (plan?.models.map(({ model }) => model) ?? []) : chosen;
  const settingProblem = (setting: string) => {
    const found = problems.find(({ field }) => field === `body.settings.${setting}`);
    return found && problemText(found);
  };
  const cells = problems.filter(({ field }) => field?.startsWith('body.settings.') !== true);
  return (
    <Page title="Generate" width="full">
      <FirstMinutes />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] 2xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <PromptSource problems={cells} models={usable} />
          <ModelChoice size={size} quality={quality} plan={plan} />
          <SettingsPanel
            size={size}
            quality={quality}
            models={models.filter(({ model }) => making.includes(model))}
            problemOf={settingProblem}
          />
        </div>
        <div className="min-w-0 max-lg:pb-28 lg:sticky lg:top-5">
          <PlanPanel
            plan={plan}
            isOutdated={order !== undefined && planned.isOutdated}
            error={planned.error}
            problems={problems.length}
            isEmpty={order === undefined}
            onRetry={() => void planned.refetch()}
          >
            {plan && order && (
              <MakeButtons plan={plan} order={order} isReady={!planned.isOutdated} />
            )}
          </PlanPanel>
        </div>
      </div>
    </Page>
  );
}

function usePlacedProblems(error: Error | null) {
  const { draft } = useDraft();
  const { source } = draft;
  return useMemo(
    () => (error instanceof ApiError ? placedProblems(source, toldOf(error)) : []),
    [error, source],
  );
}

/** Settings that are wrong as a whole have a sentence, and no place. */
function toldOf(error: ApiError) {
  if (error.problems.length > 0) return error.problems;
  return error.code === 'invalid' ? [{ message: error.message, remedy: '' }] : [];
}

function FirstMinutes() {
  const { draft } = useDraft();
  const { data } = useInfiniteQuery(runsQuery());
  const { data: models = NO_MODELS } = useQuery(pricedModelsQuery('1024x1024', 'medium'));
  const isFirst = data?.pages[0]?.data.length === 0;
  return isFirst && isUntouched(draft) ? <Welcome models={models} /> : null;
}
