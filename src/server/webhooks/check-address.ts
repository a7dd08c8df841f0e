/** Refuses addresses that an endpoint cannot have. */
import type { ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';

export function checkAddress({ engine, settings }: ServerDeps, url: string): void {
  const { webhooks } = engine.service;
  const message = webhooks.addressProblem(url, settings.allowPrivateWebhooks);
  if (message === undefined) return;
  throw new ProblemError('invalid', 'This address cannot be told anything.', {
    problems: [
      {
        field: 'body.url',
        value: url,
        message,
        remedy:
          'Name an endpoint that anybody on the web can reach over https. For one on its own machine or network, whoever runs the service starts it with --allow-private-webhooks.',
      },
    ],
  });
}
