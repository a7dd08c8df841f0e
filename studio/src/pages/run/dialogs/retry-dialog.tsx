/** Makes again what ended badly: as it was, with other words, or with another model; with its price before. */
import { useState } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Description,
  Label,
  ListBox,
  Radio,
  RadioGroup,
  Select,
  Skeleton,
  TextArea,
  TextField,
  toast,
} from '@heroui/react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../../src/api/client/index.ts';
import { client } from '../../../client.ts';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { useSettled } from '../../../parts/use-settled.ts';
import { modelsQuery } from '../../../queries/account.ts';
import { useTellOfRun } from '../../../parts/use-run-action.ts';
import { Fact, Facts } from '../item/facts.tsx';
import { RunDialog } from './run-dialog.tsx';

export type EndedState = 'failed' | 'refused' | 'unknown';
export const ENDED_STATES: readonly EndedState[] = ['failed', 'refused', 'unknown'];
export type RetryWay = 'same' | 'words' | 'model';

interface RetryDialogProps {
  readonly run: Run;
  readonly onClose: () => void;
  /** What is chosen first. Default: everything that ended badly, as it was. */
  readonly states?: readonly EndedState[];
  readonly way?: RetryWay;
}

export function RetryDialog({
  run,
  onClose,
  states: wished,
  way: first = 'same',
}: RetryDialogProps) {
  const there = ENDED_STATES.filter((state) => run.items[state] > 0);
  const [states, setStates] = useState<readonly EndedState[]>(
    wished ?? there.filter((each) => each !== 'unknown'),
  );
  const [way, setWay] = useState<RetryWay>(first);
  const [rewrite, setRewrite] = useState('{prompt}');
  const [model, setModel] = useState<string>();
  const order = useSettled(orderOf({ states, way, rewrite, model }));
  const plan = useRetryPlan(run.run, order);
  const make = useRetry(run.run, onClose);
  const isBlocked = order === undefined || plan.data === undefined || plan.isFetching;
  const hasUnknown = states.includes('unknown');
  return (
    <RunDialog
      title="Make again what ended badly"
      onClose={onClose}
      action={
        <Button
          isDisabled={isBlocked || plan.error !== null}
          isPending={make.isPending}
          onPress={() => order && make.mutate(order)}
        >
          {plan.data
            ? `Make ${plan.data.images} again · ${creditsText(plan.data.expected.credits)}`
            : 'Make again'}
        </Button>
      }
    >
      <CheckboxGroup
        value={[...states]}
        onChange={(next) => setStates(ENDED_STATES.filter((each) => next.includes(each)))}
      >
        <Label>Which</Label>
        {there.map((state) => (
          <Checkbox key={state} value={state}>
            <Checkbox.Content>
              <Checkbox.Control className="border border-muted">
                <Checkbox.Indicator />
              </Checkbox.Control>
              {state} · {run.items[state].toLocaleString('en-US')}
            </Checkbox.Content>
          </Checkbox>
        ))}
        {hasUnknown && (
          <Description>
            What is unknown may have been made: its dollars are written off, and it is paid for once
            more.
          </Description>
        )}
      </CheckboxGroup>
      <WayChoice way={way} onWay={setWay} isFixed={hasUnknown} />
      {way === 'words' && (
        <TextField value={rewrite} onChange={setRewrite} maxLength={32_000} fullWidth>
          <Label>New prompt</Label>
          <TextArea rows={3} />
          <Description>
            {'{prompt} is what the row has; {name}, {row} and its columns go too.'}
          </Description>
        </TextField>
      )}
      {way === 'model' && <ModelChoice value={model} onChange={setModel} />}
      <Cost plan={plan} isAsked={order !== undefined} error={make.error} />
    </RunDialog>
  );
}

type Order = Parameters<typeof client.runs.retry>[1];

function orderOf({
  states,
  way,
  rewrite,
  model,
}: {
  states: readonly EndedState[];
  way: RetryWay;
  rewrite: string;
  model: string | undefined;
}): Order | undefined {
  if (states.length === 0 || (way === 'model' && model === undefined)) return undefined;
  if (way === 'words' && rewrite.trim() === '') return undefined;
  return {
    states: [...states],
    ...(way === 'words' && { rewrite }),
    ...(way === 'model' && model !== undefined && { model }),
  };
}

function useRetryPlan(run: string, order: Order | undefined) {
  return useQuery({
    queryKey: ['retry-plan', run, order],
    enabled: order !== undefined,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await client.runs.retry(run, { ...order!, plan: true }, { signal })).plan,
  });
}

function useRetry(run: string, onClose: () => void) {
  const tell = useTellOfRun(run);
  return useMutation({
    mutationFn: (order: Order) => client.runs.retry(run, order),
    meta: { showsErrors: true },
    onSuccess: ({ plan, run: changed }) => {
      tell(changed);
      toast.success(`${plan.images} images are made again`);
      onClose();
    },
  });
}

interface WayChoiceProps {
  readonly way: RetryWay;
  readonly onWay: (way: RetryWay) => void;
  readonly isFixed: boolean;
}

const WAYS: readonly (readonly [RetryWay, string])[] = [
  ['same', 'As it was'],
  ['words', 'With other words'],
  ['model', 'With another model'],
];

function WayChoice({ way, onWay, isFixed }: WayChoiceProps) {
  return (
    <RadioGroup value={way} onChange={(next) => onWay(next as RetryWay)}>
      <Label>How</Label>
      {WAYS.map(([id, words]) => (
        <Radio key={id} value={id} isDisabled={isFixed && id !== 'same'}>
          <Radio.Content>
            <Radio.Control className="border border-muted">
              <Radio.Indicator />
            </Radio.Control>
            {words}
          </Radio.Content>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function ModelChoice({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (model: string) => void;
}) {
  const { data: models = [] } = useQuery(modelsQuery);
  return (
    <Select
      value={value ?? null}
      onChange={(key) => onChange(String(key))}
      fullWidth
      placeholder="Choose a model"
    >
      <Label>Model</Label>
      <Select.Trigger>
        <Select.Value />
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          {models
            .filter(({ available }) => available)
            .map(({ model }) => (
              <ListBox.Item key={model} id={model} textValue={model}>
                {model}
                <ListBox.ItemIndicator />
              </ListBox.Item>
            ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}

interface CostProps {
  readonly plan: ReturnType<typeof useRetryPlan>;
  readonly isAsked: boolean;
  readonly error: unknown;
}

function Cost({ plan: { data, error }, isAsked, error: made }: CostProps) {
  if (made ?? error) return <ErrorPanel error={made ?? error} />;
  if (!isAsked) return null;
  if (data === undefined) return <Skeleton className="h-16 w-full rounded" />;
  const { images, rows, expected, worst, examples } = data;
  return (
    <Facts>
      <Fact name="Makes">
        {images} images of {rows} rows
      </Fact>
      <Fact name="Costs">
        {creditsText(expected.credits)} · {usdText(expected.usd)}
      </Fact>
      <Fact name="At most">
        {creditsText(worst.credits)} · {usdText(worst.usd)}
      </Fact>
      {examples[0] && <Fact name="For example">{examples[0].prompt}</Fact>}
    </Facts>
  );
}
