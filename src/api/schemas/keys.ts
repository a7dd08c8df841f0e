/** API keys as they travel; `json/key-json.ts` makes them. */
import { KEY_HOLDERS, ROLES, SCOPES } from '../../engine/core/workspace.ts';
import { pageQuery } from '../page.ts';
import { z } from '../zod.ts';

/** Most credits of a budget. */
const HIGHEST_BUDGET = 1e9;
/** A replaced secret is kept for so long at most: 30 days. */
const LONGEST_ROTATION_SECONDS = 30 * 86_400;

const holderSchema = z.enum(KEY_HOLDERS).openapi({
  description:
    '`person`: a member of the workspace, who signs in with it. `program`: what calls the API.',
});

const scopesSchema = z.array(z.enum(SCOPES)).max(SCOPES.length);

export const keySchema = z
  .object({
    key: z.string().openapi({ example: 'key_7hd2mq9xk4bt3wpz' }),
    workspace: z.string().openapi({ example: 'acme' }),
    name: z.string().openapi({ example: 'nightly import' }),
    role: z.enum(ROLES),
    scopes: scopesSchema.openapi({ description: 'What it may do.' }),
    hint: z.string().openapi({
      description: 'The last four characters of its secret, to tell keys apart.',
      example: 'x7qk',
    }),
    state: z.enum(['active', 'expired', 'revoked']),
    credits: z.object({
      budget: z.number().nullable().openapi({
        description: 'That its runs may post and hold together, ever; null: no budget of its own.',
      }),
      posted: z.number(),
      held: z.number(),
    }),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().openapi({ description: 'To the minute.' }),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    old_secret_until: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'The secret before the last rotation may be used until then.' }),
    holder: holderSchema,
    invited_until: z.iso.datetime().nullable().openapi({
      description: 'End of an invitation that nobody has accepted; null: there is none.',
    }),
  })
  .openapi('ApiKey');

export const issuedKeySchema = keySchema
  .extend({
    secret: z.string().openapi({
      description: 'Told this one time; nobody can tell it again.',
      example: 'im_…',
    }),
  })
  .openapi('IssuedApiKey');

const nameSchema = z.string().trim().min(1).max(200).openapi({ example: 'nightly import' });
const expirySchema = z.iso
  .datetime({ offset: true })
  .openapi({ example: '2027-01-31T00:00:00Z', description: 'Still to come.' });
const budgetSchema = z.number().min(0).max(HIGHEST_BUDGET).openapi({
  description: 'Credits that its runs may post and hold together, ever.',
  example: 50,
});

export const newKeySchema = z
  .strictObject({
    name: nameSchema,
    role: z.enum(ROLES).default('member'),
    scopes: scopesSchema
      .min(1)
      .optional()
      .openapi({ description: "Fewer than the role's; all of them when absent." }),
    workspace: z
      .string()
      .max(40)
      .optional()
      .openapi({ description: "For operators: another workspace than the calling key's." }),
    expires_at: expirySchema.optional(),
    budget: budgetSchema.optional(),
    holder: holderSchema.default('program'),
  })
  .openapi('NewApiKey');

export const newInvitationSchema = newKeySchema
  .omit({ holder: true, scopes: true })
  .extend({ name: nameSchema.openapi({ example: 'Ada Lovelace' }) })
  .openapi('NewInvitation');

export const invitationSchema = keySchema
  .extend({
    invitation: z.string().openapi({
      description:
        'Told this one time. A link has it behind the `#`, which no server is told: `/sign-in#invite=imi_…`.',
      example: 'imi_…',
    }),
  })
  .openapi('Invitation');

export const acceptanceSchema = z
  .strictObject({
    invitation: z.string().min(1).max(64).openapi({ example: 'imi_…' }),
  })
  .openapi('Acceptance');

export const keyChangeSchema = z
  .strictObject({
    name: nameSchema.optional(),
    role: z.enum(ROLES).optional().openapi({ description: 'With all of its scopes.' }),
    expires_at: expirySchema.nullable().optional(),
    budget: budgetSchema.nullable().optional(),
  })
  .openapi('ApiKeyChange');

export const keysQuery = pageQuery.extend({
  workspace: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: "For operators: another workspace than the calling key's." }),
  holder: holderSchema.optional(),
});

export const rotationSchema = z
  .strictObject({
    keep_old_seconds: z.int().min(0).max(LONGEST_ROTATION_SECONDS).default(0).openapi({
      description: 'So long the secret so far may still be used; 0: not any more.',
    }),
  })
  .openapi('Rotation');
