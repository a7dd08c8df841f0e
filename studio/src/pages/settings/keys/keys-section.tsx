/** Keys of programs: what calls the API for the workspace. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, Switch } from '@heroui/react';
import { KeyRound } from 'lucide-react';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { keysQuery } from '../../../queries/settings.ts';
import { Rows, Section, SectionSkeleton } from '../parts/section.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeyRow } from './key-row.tsx';

export function KeysSection() {
  const { data, error, isPending, refetch } = useQuery(keysQuery('program'));
  const [isCreating, setIsCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [showsEnded, setShowsEnded] = useState(false);
  const keys = data?.filter(({ state }) => showsEnded || state === 'active') ?? [];
  const hasEnded = data?.some(({ state }) => state !== 'active') === true;
  const create = (
    <Button onPress={() => setIsCreating(true)}>
      <KeyRound aria-hidden className="size-4" />
      New key
    </Button>
  );
  return (
    <Section
      title="Keys"
      about="What programs call the API with: scripts, shops, assistants. A key is shown once, and stored as a hash."
      actions={create}
    >
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {hasEnded && (
        <Switch isSelected={showsEnded} onChange={setShowsEnded} size="sm">
          <Switch.Content>
            <Switch.Control>
              <Switch.Thumb />
            </Switch.Control>
            Show revoked and expired keys
          </Switch.Content>
        </Switch>
      )}
      {data && keys.length === 0 && (
        <EmptyPanel
          title="No keys of programs"
          detail="A key lets a script make images within a budget of its own. People need none: they are invited as members."
        >
          {create}
        </EmptyPanel>
      )}
      {keys.length > 0 && (
        <Rows label="Keys">
          {keys.map((key) => (
            <KeyRow key={key.key} of={key} onSecret={setSecret} />
          ))}
        </Rows>
      )}
      <CreateKeyDialog
        isOpen={isCreating}
        onClose={() => setIsCreating(false)}
        onSecret={setSecret}
      />
      <SecretDialog
        title="The secret of the key"
        label="Secret"
        secret={secret}
        onClose={() => setSecret(undefined)}
      >
        Copy it to where it is used: it is shown this one time, and nobody can tell it again.
        Programs send it as <code>Authorization: Bearer …</code>
      </SecretDialog>
    </Section>
  );
}
