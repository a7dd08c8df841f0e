/** An invitation is exchanged, once, for a session and for the key by which one signs in from then on. */
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Card } from '@heroui/react';
import { client } from '../../client.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { UserNameField } from './user-name-field.tsx';

interface InvitationCardProps {
  readonly invitation: string;
  readonly onSignedIn: () => void;
  /** With a key instead. */
  readonly onKey: () => void;
}

interface Accepted {
  readonly secret: string;
  readonly name: string;
  readonly workspace: string;
}

export function InvitationCard({ invitation, onSignedIn, onKey }: InvitationCardProps) {
  const queries = useQueryClient();
  const [accepted, setAccepted] = useState<Accepted>();
  const accept = useMutation({
    gcTime: 0,
    meta: { showsErrors: true },
    mutationFn: () => client.keys.accept({ invitation }),
    onSuccess: ({ secret, ...session }) => {
      // It is used up: neither the address nor the browser's history needs it.
      history.replaceState(history.state, '', location.pathname);
      queries.clear();
      queries.setQueryData(['session'], session);
      setAccepted({ secret, name: session.key.name, workspace: session.workspace.name });
    },
  });
  if (accepted) return <YourKey accepted={accepted} onKept={onSignedIn} />;
  return (
    <Card className="w-full max-w-sm">
      <Card.Header>
        <img src="/imagemill.svg" alt="" className="mb-2 size-9" />
        <h1 className="text-lg font-semibold">You are invited to Imagemill</h1>
        <Card.Description>
          You are signed in, and get a key of your own for the next time. The link works once.
        </Card.Description>
      </Card.Header>
      <Card.Content className="flex flex-col gap-3">
        {accept.error && <ErrorPanel error={accept.error} />}
        <Button fullWidth onPress={() => accept.mutate()} isPending={accept.isPending}>
          Accept and sign in
        </Button>
        <Button fullWidth variant="tertiary" onPress={onKey}>
          Sign in with a key instead
        </Button>
      </Card.Content>
    </Card>
  );
}

interface YourKeyProps {
  readonly accepted: Accepted;
  readonly onKept: () => void;
}

/** A form, so that password managers offer to keep it. */
function YourKey({ accepted, onKept }: YourKeyProps) {
  return (
    <Card className="w-full max-w-md">
      <Card.Header>
        <h1 className="text-lg font-semibold">Welcome, {accepted.name}</h1>
        <Card.Description>
          You are a member of {accepted.workspace}. This is your key: keep it in a password manager.
          You sign in with it from now on, and it is shown this one time. If it is lost, whoever
          invited you can do so again.
        </Card.Description>
      </Card.Header>
      <Card.Content>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onKept();
          }}
        >
          <UserNameField name={accepted.name} />
          <SecretField
            name="key"
            label="Your key"
            secret={accepted.secret}
            autoComplete="new-password"
          />
          <Button type="submit" fullWidth>
            I have kept it, go on
          </Button>
        </form>
      </Card.Content>
    </Card>
  );
}
