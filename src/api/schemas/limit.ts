/** Limits as they travel; `json/limit-json.ts` makes them. */
import { LANE_KINDS } from '../../engine/core/lane.ts';
import { z } from '../zod.ts';

export const limitSchema = z
  .object({
    limit: z.string().openapi({ example: 'images-per-minute' }),
    scope: z.enum(['workspace', 'vendor']),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    lane: z.enum(LANE_KINDS).nullable(),
    kind: z
      .enum(['window', 'slots'])
      .openapi({ description: '`window`: so many in any `seconds`. `slots`: so many at a time.' }),
    unit: z.enum(['images', 'requests']),
    seconds: z.number().nullable(),
    max: z
      .int()
      .nullable()
      .openapi({ description: 'The figure in force; null: not known, or none.' }),
    figure: z.enum(['told', 'learned', 'none']).openapi({
      description:
        '`told`: by the configuration, the vendor or us. `learned`: from what the vendor refused. `none`: not known yet, or no limit.',
    }),
    source: z.string(),
    used: z.int().openapi({ description: 'In use now, by all that share the limit.' }),
    used_here: z.int().openapi({ description: 'Of these, by this workspace.' }),
    left: z.int().nullable(),
    blocked_until: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'The vendor asked for a pause until then.' }),
    next_at: z.iso.datetime().nullable().openapi({
      description: 'By then the first units have returned; slots return at the latest.',
    }),
    all_at: z.iso.datetime().nullable().openapi({ description: 'By then all have returned.' }),
    returning: z.array(z.object({ at: z.iso.datetime(), units: z.int() })).openapi({
      description: 'Units that have returned by each moment since the one before; at most 9.',
    }),
    waiting: z
      .array(z.object({ run: z.string(), lane: z.string(), until: z.iso.datetime().nullable() }))
      .openapi({ description: "This workspace's runs that wait for it; at most 50." }),
  })
  .openapi('Limit');
