/** Signs this browser in with a key. The key is sent once, and kept nowhere here. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  Button,
  Card,
  Description,
  FieldError,
  Form,
  Input,
  Label,
  TextField,
} from '@heroui/react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent } from 'react';
import { createClient, endpoint } from '../../../../src/api/client/index.ts';
import type { beginSessionRoute } from '../../../../src/api/routes/session.ts';
import { errorText } from '../../parts/error-text.ts';

const begin = endpoint<typeof beginSessionRoute>('post', '/v1/session');
const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { to } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signIn = useMutation({
    meta: { showsErrors: true },
    mutationFn: (key: string) =>
      createClient({ baseUrl: location.origin, apiKey: key, retries: 1 }).call(begin, {}),
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(['session'], session);
      await navigate({ to: to ?? '/generate' });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key');
    if (typeof key === 'string') signIn.mutate(key.trim());
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Sign in · Imagemill</title>
      <Card className="w-full max-w-sm">
        <Card.Header>
          <img src="/imagemill.svg" alt="" className="mb-2 size-9" />
          <h1 className="text-lg font-semibold">Sign in to Imagemill</h1>
          <Card.Description>With a key of your workspace.</Card.Description>
        </Card.Header>
        <Card.Content>
          <Form onSubmit={submit} className="flex flex-col gap-4" validationBehavior="aria">
            <TextField name="key" type="password" isRequired autoFocus isInvalid={signIn.isError}>
              <Label>Key</Label>
              <Input placeholder="im_…" autoComplete="off" spellCheck={false} />
              <Description>
                The first start of <code>imagemill serve</code> prints one. Another is made by{' '}
                <code>imagemill keys create</code>.
              </Description>
              {signIn.isError && <FieldError>{errorText(signIn.error).title}</FieldError>}
            </TextField>
            <Button type="submit" isPending={signIn.isPending} fullWidth>
              Sign in
            </Button>
          </Form>
        </Card.Content>
      </Card>
    </main>
  );
}
