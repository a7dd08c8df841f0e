/** What may be done with a run in its state, by whoever is signed in. */
import { type ReactNode, useState } from 'react';
import { Button, Dropdown, Label } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Pause, Play } from 'lucide-react';
import type { Run } from '../../../../src/api/client/index.ts';
import { useMay } from '../../queries/session.ts';
import { ShareDialog } from '../../parts/share-dialog.tsx';
import { ApproveDialog } from './dialogs/approve-dialog.tsx';
import { BoundsDialog } from './dialogs/bounds-dialog.tsx';
import { CancelDialog } from '../../parts/cancel-dialog.tsx';
import { RetryDialog } from './dialogs/retry-dialog.tsx';
import { useRunAction } from '../../parts/use-run-action.ts';

type Asked = 'approve' | 'cancel' | 'bounds' | 'retry' | 'share';

export function RunActions({ run }: { readonly run: Run }) {
  const mayWrite = useMay('runs:write');
  const [asked, setAsked] = useState<Asked>();
  const act = useRunAction(run.run);
  const may = (action: Run['actions'][number]) => mayWrite && run.actions.includes(action);
  const close = () => setAsked(undefined);
  const hasEndedBadly = run.items.failed + run.items.refused + run.items.unknown > 0;
  return (
    <>
      <Link to="/runs/$run/review" params={{ run: run.run }} className="button button--secondary">
        Review
      </Link>
      {may('pause') && run.state === 'running' && (
        <Button variant="secondary" isPending={act.isPending} onPress={() => act.mutate('pause')}>
          <Pause aria-hidden className="size-4" />
          Pause
        </Button>
      )}
      {may('resume') && canGoOn(run) && (
        <Button isPending={act.isPending} onPress={() => act.mutate('resume')}>
          <Play aria-hidden className="size-4" />
          Resume
        </Button>
      )}
      {may('approve') && <Button onPress={() => setAsked('approve')}>Approve…</Button>}
      {mayWrite && (
        <More
          choices={[
            ['bounds', 'Change bounds…'],
            ...(may('retry') && hasEndedBadly ? [['retry', 'Retry…'] as const] : []),
            ['share', 'Share for approval…'],
            ...(may('cancel') ? [['cancel', 'Cancel run…'] as const] : []),
          ]}
          onChoose={setAsked}
        />
      )}
      {asked === 'approve' && <ApproveDialog run={run} onClose={close} />}
      {asked === 'cancel' && <CancelDialog run={run} onClose={close} />}
      {asked === 'bounds' && <BoundsDialog run={run} onClose={close} />}
      {asked === 'retry' && <RetryDialog run={run} onClose={close} />}
      {asked === 'share' && <ShareDialog run={run.run} isOpen onOpenChange={close} />}
    </>
  );
}

/** Something is left to make, and nobody makes it. */
function canGoOn({ state, items }: Run): boolean {
  if (state === 'running' || state === 'planned') return false;
  return (
    state === 'paused' || state === 'stopped' || items.waiting + items.sent + items.unknown > 0
  );
}

interface MoreProps {
  readonly choices: readonly (readonly [id: Asked, words: string])[];
  readonly onChoose: (id: Asked) => void;
}

function More({ choices, onChoose }: MoreProps): ReactNode {
  return (
    <Dropdown>
      <Button variant="ghost" isIconOnly aria-label="More">
        <Ellipsis aria-hidden className="size-4" />
      </Button>
      <Dropdown.Popover placement="bottom end">
        <Dropdown.Menu
          aria-label="More"
          onAction={(key) => {
            const chosen = choices.find(([id]) => id === key);
            if (chosen !== undefined) onChoose(chosen[0]);
          }}
        >
          {choices.map(([id, words]) => (
            <Dropdown.Item
              key={id}
              id={id}
              textValue={words}
              {...(id === 'cancel' && { variant: 'danger' as const })}
            >
              <Label>{words}</Label>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}
