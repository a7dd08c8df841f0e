/** Now, or for half the price within a day. */
import { Label, Radio, RadioGroup } from '@heroui/react';
import { LANE_CHOICES } from '../../../../src/engine/core/lane.ts';
import { WordsField } from '../../parts/fields.tsx';
import { useDraft } from './use-draft.tsx';

const LANES = {
  live: { title: 'Now', detail: 'Request by request, at the full price.' },
  auto: { title: 'By a deadline', detail: 'Half price while the deadline allows it, else now.' },
  batch: { title: 'Half price', detail: 'In batches, usually within hours, at most a day.' },
} as const;

export function LaneFields({
  problemOf,
}: {
  readonly problemOf: (setting: string) => string | undefined;
}) {
  const { draft, set } = useDraft();
  const { lane = 'live', deadline } = draft.settings;
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup
        value={lane}
        onChange={(id) => {
          const next = LANE_CHOICES.find((each) => each === id) ?? 'live';
          set({ lane: next, deadline: next === 'auto' ? (deadline ?? '12h') : undefined });
        }}
        variant="secondary"
      >
        <Label>When</Label>
        <div className="grid gap-3 sm:grid-cols-3">
          {(['live', 'auto', 'batch'] as const).map((id) => (
            <Radio key={id} value={id} className="mt-0">
              <Radio.Content>
                <Radio.Control>
                  <Radio.Indicator />
                </Radio.Control>
                <span>
                  <span className="block text-sm font-medium">{LANES[id].title}</span>
                  <span className="block text-xs text-muted">{LANES[id].detail}</span>
                </span>
              </Radio.Content>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {lane === 'auto' && (
        <WordsField
          className="max-w-xs"
          label="Deadline"
          value={deadline ?? ''}
          placeholder="12h"
          description="From now: 90min, 6h, 2d."
          problem={problemOf('deadline')}
          onChange={(text) => set({ deadline: text === '' ? undefined : text })}
        />
      )}
    </div>
  );
}
