/** One key: what it may do, what it used, and what can be done with it. */
import { useState } from 'react';
import { Chip } from '@heroui/react';
import { creditsText } from '../../../parts/credits.tsx';
import { agoText, timeText } from '../../../parts/time.ts';
import { useSession } from '../../../queries/session.ts';
import type { Key } from '../../../queries/settings.ts';
import { SCOPES_OF } from '../../../../../src/engine/core/workspace.ts';
import { Row } from '../parts/section.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { ROLE_WORDS, SCOPE_WORDS } from '../roles.ts';
import { ChangeKeyDialog } from './change-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

interface KeyRowProps {
  readonly of: Key;
  readonly onSecret: (secret: string) => void;
}

export function KeyRow({ of: key, onSecret }: KeyRowProps) {
  const [open, setOpen] = useState<'change' | 'rotate' | 'revoke'>();
  const session = useSession();
  const mayChange = key.scopes.every((scope) => session?.scopes.includes(scope));
  const close = () => setOpen(undefined);
  const actions = [
    { id: 'change', title: 'Change…', onAction: () => setOpen('change') },
    { id: 'rotate', title: 'New secret…', onAction: () => setOpen('rotate') },
    { id: 'revoke', title: 'Revoke…', isDangerous: true, onAction: () => setOpen('revoke') },
  ];
  return (
    <Row
      title={key.name}
      marks={<KeyMarks of={key} />}
      facts={factsOf(key)}
      actions={mayChange && key.state !== 'revoked' && <RowMenu of={key.name} actions={actions} />}
    >
      <ChangeKeyDialog of={key} isOpen={open === 'change'} onClose={close} />
      <RotateKeyDialog of={key} isOpen={open === 'rotate'} onClose={close} onSecret={onSecret} />
      <RevokeKeyDialog
        of={key}
        isOwn={session?.key.key === key.key}
        isOpen={open === 'revoke'}
        onClose={close}
      />
    </Row>
  );
}

function KeyMarks({ of: key }: { readonly of: Key }) {
  return (
    <>
      <Chip size="sm" variant="soft">
        {ROLE_WORDS[key.role].title.toLowerCase()}
      </Chip>
      {key.state !== 'active' && (
        <Chip size="sm" variant="soft" color="danger">
          {key.state}
        </Chip>
      )}
      {key.old_secret_until !== null && (
        <Chip size="sm" variant="soft" color="warning">
          old secret good until {timeText(key.old_secret_until)}
        </Chip>
      )}
    </>
  );
}

function factsOf(key: Key) {
  const { budget, posted, held } = key.credits;
  const isNarrowed = key.scopes.length < SCOPES_OF[key.role].length;
  return [
    <span key="hint" className="font-mono text-xs">
      im_…{key.hint}
    </span>,
    key.last_used_at === null ? 'never used' : `used ${agoText(key.last_used_at)}`,
    budget === null
      ? `${creditsText(posted + held)} used`
      : `${Math.max(0, budget - posted - held)} of ${creditsText(budget)} left`,
    key.revoked_at !== null
      ? `revoked ${timeText(key.revoked_at)}`
      : key.expires_at !== null && `ends ${timeText(key.expires_at)}`,
    isNarrowed && `only: ${key.scopes.map((scope) => SCOPE_WORDS[scope].toLowerCase()).join(', ')}`,
  ];
}
