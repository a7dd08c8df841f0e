/** Who is calling; `json/session-json.ts` makes it. */
import { ROLES, SCOPES } from '../../engine/core/workspace.ts';
import { z } from '../zod.ts';
import { keySchema } from './keys.ts';
import { workspaceSchema } from './workspaces.ts';

export const sessionSchema = z
  .object({
    by: z
      .enum(['key', 'session'])
      .openapi({ description: 'Whether a key was shown, or the cookie of a session.' }),
    key: keySchema,
    workspace: workspaceSchema,
    role: z.enum(ROLES),
    scopes: z.array(z.enum(SCOPES)),
    expires_at: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When what was shown ends; null: when it is revoked.' }),
  })
  .openapi('Session');

export const acceptedSchema = sessionSchema
  .extend({
    secret: z.string().openapi({
      description: 'By which its holder signs in from now on; told this one time.',
      example: 'im_…',
    }),
  })
  .openapi('AcceptedInvitation');
