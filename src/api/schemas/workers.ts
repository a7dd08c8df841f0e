/** Processes on the store as they travel; `json/worker-json.ts` makes them. */
import { WORKER_STANDINGS } from '../../engine/core/worker-board.ts';
import { WORKER_KINDS } from '../../engine/core/worker.ts';
import { z } from '../zod.ts';

const byKind = z.object({ runs: z.int(), finishing: z.int(), jobs: z.int() });

const loadSchema = z.object({
  runs: z.int().openapi({ description: 'Runs that it owns.' }),
  hands: z.int().openapi({ description: 'Runs of others that it sends requests of.' }),
  in_flight: z.int().openapi({ description: 'Calls that are at vendors.' }),
  finishing: z.int().openapi({ description: 'Pictures of others that it finishes.' }),
  requests_ended: z.int().openapi({ description: 'Requests sent to an end since it started.' }),
  pictures_finished: z
    .int()
    .openapi({ description: 'Pictures of others finished since it started.' }),
});

const workerSchema = z
  .object({
    worker: z.string().openapi({ example: 'wk7m2p9qx4t0' }),
    standing: z.enum(WORKER_STANDINGS).openapi({
      description:
        '`draining`: takes up nothing new. `lapsed`: not heard of in time, and may come back. `gone`: ended without a word; others go on with its work.',
    }),
    host: z.string(),
    pid: z.int(),
    version: z.string().nullable(),
    takes: z.array(z.enum(WORKER_KINDS)).openapi({
      description: 'Work that it takes up: sending for runs, finishing pictures of others, jobs.',
    }),
    vendors: z.array(z.string()).openapi({ description: 'Vendors whose keys it has.' }),
    skills: z.array(z.string()).openapi({ description: 'What else it can, in words.' }),
    has_same_images: z.boolean().openapi({
      description:
        'Whether it keeps images where the answering server does: only such processes share a run.',
    }),
    started_at: z.iso.datetime().nullable(),
    seen_at: z.iso.datetime(),
    draining_at: z.iso.datetime().nullable(),
    ended_at: z.iso.datetime().nullable(),
    load: loadSchema.openapi({ description: 'As it said when it was seen last.' }),
    runs: z.array(z.string()).openapi({ description: 'Runs that it owns, 20 of them at most.' }),
  })
  .openapi('Worker');

export const workersSchema = z
  .object({
    data: z.array(workerSchema).openapi({
      description: 'Those that work first. Of those that are gone the newest 20 of a week.',
    }),
    standings: z.object({
      working: z.int(),
      draining: z.int(),
      lapsed: z.int(),
      gone: z.int(),
    }),
    taking: byKind.openapi({ description: 'How many take up each kind of work.' }),
    load: loadSchema.openapi({ description: 'Of all that work or drain together.' }),
    untaken: byKind.openapi({
      description: 'Runs and jobs that may be worked on and pictures offered that nobody has.',
    }),
    missing: z.array(z.enum(WORKER_KINDS)).openapi({
      description: 'Kinds of which there is work, and no process that takes it up.',
    }),
  })
  .openapi('Workers');

/** What everybody sees of them. */
export const workerFiguresSchema = z.object({
  taking: byKind.openapi({ description: 'How many processes take up each kind of work.' }),
  missing: z.array(z.enum(WORKER_KINDS)).openapi({
    description: 'Kinds of which the workspace has work, and no process that takes it up.',
  }),
});
