/** Workspaces as they travel; `json/workspace-json.ts` makes them. */
import { HIGHEST_CEILING, WORKSPACE_ID, WORKSPACE_STATES } from '../../engine/core/workspace.ts';
import { z } from '../zod.ts';

export const workspaceSchema = z
  .object({
    workspace: z.string().openapi({ example: 'acme' }),
    name: z.string().openapi({ example: 'Acme Studio' }),
    state: z.enum(WORKSPACE_STATES).openapi({
      description: '`suspended`: its keys may look, and nothing of it is sent.',
    }),
    images_per_hour: z
      .int()
      .nullable()
      .openapi({ description: 'Most images in any 60 minutes; null: no ceiling.', example: 200 }),
    ceiling_follows: z.enum(['purchases', 'operator']).openapi({
      description: 'Whether `images_per_hour` rises with what is bought, or was set by hand.',
    }),
    credits: z.object({
      available: z
        .number()
        .nullable()
        .openapi({ description: 'That may still be held; null: no balance is kept.' }),
      held: z.number(),
      posted: z.number(),
      bought: z
        .number()
        .openapi({ description: 'All that was ever bought, less what was given back for it.' }),
    }),
    created_at: z.iso.datetime(),
  })
  .openapi('Workspace');

const nameSchema = z.string().trim().min(1).max(200).openapi({ example: 'Acme Studio' });

const ceilingSchema = z
  .union([z.int().min(1).max(HIGHEST_CEILING), z.enum(['none', 'bought'])])
  .openapi({
    description:
      'Most images in any 60 minutes, set by hand; `none`: no ceiling; `bought`: 200, and more when more is bought.',
    example: 'bought',
  });

export const newWorkspaceSchema = z
  .strictObject({
    workspace: z
      .string()
      .max(40)
      .regex(WORKSPACE_ID, 'Write small letters, digits and hyphens, at most 40')
      .openapi({ description: 'Its id, for ever.', example: 'acme' }),
    name: nameSchema.optional(),
    images_per_hour: ceilingSchema.default('bought'),
    balance: z.enum(['kept', 'none']).default('kept').openapi({
      description: '`kept`: it begins at 0 credits. `none`: it may spend freely.',
    }),
  })
  .openapi('NewWorkspace');

export const workspaceChangeSchema = z
  .strictObject({
    name: nameSchema.optional(),
    state: z.enum(WORKSPACE_STATES).optional(),
    images_per_hour: ceilingSchema.optional(),
  })
  .openapi('WorkspaceChange');
