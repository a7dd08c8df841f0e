/** Signs this browser in with a key. The key is sent once, and kept nowhere here but in a password manager. */
import type { FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Disclosure, FieldError, Form, Input, Label, TextField } from '@heroui/react';
import { createClient, endpoint } from '../../../../src/api/client/index.ts';
import type { beginSessionRoute } from '../../../../src/api/routes/session.ts';
import { errorText } from '../../parts/error-text.ts';
import { UserNameField } from './user-name-field.tsx';

const begin = endpoint<typeof beginSessionRoute>('post', '/v1/session');

export function KeyCard({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const queries = useQueryClient();
  const signIn = useMutation({
    gcTime: 0,
    meta: { showsErrors: true },
    mutationFn: (key: string) =>
      createClient({ baseUrl: location.origin, apiKey: key, retries: 1 }).call(begin, {}),
    onSuccess: (session) => {
      queries.clear();
      queries.setQueryData(['session'], session);
      onSignedIn();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key');
    if (typeof key === 'string' && key.trim() !== '') signIn.mutate(key.trim());
  };
  return (
    <Card className="w-full max-w-sm">
      <Card.Header>
        <img src="/imagemill.svg" alt="" className="mb-2 size-9" />
        <h1 className="text-lg font-semibold">Sign in to Imagemill</h1>
        <Card.Description>With your key, or a link that you were sent.</Card.Description>
      </Card.Header>
      <Card.Content className="flex flex-col gap-4">
        <Form onSubmit={submit} className="flex flex-col gap-4" validationBehavior="aria">
          <UserNameField name="Imagemill" />
          <TextField name="key" type="password" isRequired autoFocus isInvalid={signIn.isError}>
            <Label>Key</Label>
            <Input placeholder="im_…" autoComplete="current-password" spellCheck={false} />
            {signIn.isError && <FieldError>{errorText(signIn.error).title}</FieldError>}
          </TextField>
          <Button type="submit" isPending={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Form>
        <LostKey />
      </Card.Content>
    </Card>
  );
}

function LostKey() {
  return (
    <Disclosure>
      <Disclosure.Heading level={2}>
        <Disclosure.Trigger className="text-sm text-link underline">
          Help with signing in
        </Disclosure.Trigger>
      </Disclosure.Heading>
      <Disclosure.Content>
        <Disclosure.Body className="flex flex-col gap-3 pt-2 text-sm text-muted">
          <p>
            A member of your workspace can send you a link, under Settings, Members. It also works
            for who lost their key.
          </p>
          <p>
            The first start of <code>imagemill serve</code> prints a key, once. If that is lost,
            make another on the same machine:
          </p>
          <code className="block rounded-md bg-default px-3 py-2 text-foreground">
            imagemill keys create --role operator --person
          </code>
        </Disclosure.Body>
      </Disclosure.Content>
    </Disclosure>
  );
}
