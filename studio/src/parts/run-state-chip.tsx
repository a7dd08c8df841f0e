import { Chip } from '@heroui/react';
import type { RunState } from '../../../src/engine/core/run.ts';

const LOOKS = {
  planned: { text: 'planned', color: 'default' },
  running: { text: 'running', color: 'accent' },
  awaiting_approval: { text: 'waits for approval', color: 'warning' },
  paused: { text: 'paused', color: 'default' },
  stopped: { text: 'stopped', color: 'warning' },
  done: { text: 'done', color: 'success' },
  cancelled: { text: 'cancelled', color: 'default' },
} as const satisfies Record<RunState, { text: string; color: string }>;

export function RunStateChip({ state }: { readonly state: RunState }) {
  const { text, color } = LOOKS[state];
  return (
    <Chip size="sm" variant="soft" color={color}>
      {text}
    </Chip>
  );
}
