/** Where a stream of events begins. */
import { z } from '../zod.ts';

const AFTER = 'Of the last event that you have: what follows it is sent, and nothing twice.';

export const streamHeaders = z.object({
  'last-event-id': z
    .string()
    .regex(/^\d{1,15}(-end)?$/, 'This is no id of an event.')
    .optional()
    .openapi({ description: `${AFTER} Clients send it by themselves when they come again.` }),
});

export const streamQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(1e15)
    .optional()
    .openapi({ description: `Sequence ${AFTER.toLowerCase()} 0: from the beginning.` }),
});

export const runStreamQuery = streamQuery.extend({
  follow: z.enum(['true', 'false']).default('false').openapi({
    description: 'Stay when the run has ended: it goes on when something of it is retried.',
  }),
});
