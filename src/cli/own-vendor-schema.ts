/**
 * What may be said of a vendor of the user's own in the config file: one below `vendors:` that says its
 * `kind`. Only the shape is checked here; what it means is the engine's matter.
 */
import { z } from 'zod';
import type { Problem } from '../engine/core/errors.ts';
import { isKeyName } from './key-names.ts';

const whole = z.int().positive();
const name = z.string().trim().min(1);
const fields = z.record(z.string().min(1), z.json());
const header = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/);
const url = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !URL.parse(text)?.password, { error: 'A password does not belong in a file' });

const account = {
  slots: whole.optional(),
  key_variable: name.optional(),
  limits: z
    .strictObject({
      'requests-per-minute': whole.optional(),
      'images-per-minute': whole.optional(),
    })
    .optional(),
};
const extras = { options: fields.optional(), options_for: z.record(name, fields).optional() };

const SCHEMAS = {
  'openai-compatible': z.strictObject({
    kind: z.literal('openai-compatible'),
    base_url: url,
    key_header: header.optional(),
    ...account,
    ...extras,
  }),
  automatic1111: z.strictObject({
    kind: z.literal('automatic1111'),
    base_url: url.optional(),
    ...account,
    ...extras,
  }),
  comfyui: z.strictObject({
    kind: z.literal('comfyui'),
    base_url: url.optional(),
    key_header: header.optional(),
    workflow: name.optional(),
    workflows: z.record(name, name).optional(),
    ...account,
    ...extras,
  }),
  'ai-sdk': z.strictObject({
    kind: z.literal('ai-sdk'),
    package: name,
    factory: name.optional(),
    asks_by: z.enum(['size', 'ratio']).optional(),
    base_url: url.optional(),
    ...account,
    ...extras,
  }),
  'many-prompts': z.strictObject({
    kind: z.literal('many-prompts'),
    base_url: url,
    ...account,
  }),
} as const;

type Kind = keyof typeof SCHEMAS;
const KINDS = Object.keys(SCHEMAS) as readonly Kind[];

const ownVendorSchema = z.discriminatedUnion('kind', [
  SCHEMAS['openai-compatible'],
  SCHEMAS.automatic1111,
  SCHEMAS.comfyui,
  SCHEMAS['ai-sdk'],
  SCHEMAS['many-prompts'],
]);
export type OwnVendor = z.infer<typeof ownVendorSchema>;

/** A server that makes one picture at a time is not asked for two, unless it keeps a queue of its own. */
export const SLOTS: Readonly<Record<Kind, number>> = {
  'openai-compatible': 1,
  automatic1111: 1,
  comfyui: 2,
  'ai-sdk': 4,
  'many-prompts': 4,
};

/** Checks one entry below `vendors:`; its problems are added to `problems`. */
export function checkOwnVendor(
  vendorName: string,
  raw: unknown,
  file: string,
  problems: Problem[],
): OwnVendor | undefined {
  const result = ownVendorSchema.safeParse(raw);
  const path = `vendors.${vendorName}`;
  if (!result.success) {
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, raw, path, file)));
    return undefined;
  }
  const vendor = result.data;
  if (vendor.kind !== 'comfyui' || vendor.workflow || vendor.workflows) return vendor;
  problems.push({
    file,
    column: path,
    message: 'ComfyUI needs a workflow to fill in',
    remedy: 'Write workflow: FILE, exported from ComfyUI with File > Export (API).',
  });
  return undefined;
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown, path: string, file: string): Problem[] {
  const column = [path, ...issue.path.map(String)].join('.');
  if (issue.path.length === 1 && issue.path[0] === 'kind') {
    const remedy = `Write one of ${KINDS.join(', ')}.`;
    return [{ file, column, message: 'There is no such kind of vendor', remedy }];
  }
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(shapeOf(raw)).filter((each) => each !== 'kind');
    return issue.keys
      .filter((key) => !isKeyName(key))
      .map((key) => ({
        file,
        column: `${column}.${key}`,
        message: 'There is no setting of this name',
        remedy: `Remove it; here may stand ${known.join(', ')}.`,
      }));
  }
  return [
    {
      file,
      column,
      message: isMissing(issue, raw) ? 'This setting is needed' : issue.message,
      remedy: isMissing(issue, raw)
        ? 'Write it; docs/own-vendors.md and examples/own-vendors.yaml show how.'
        : 'Correct the value; `imagemill help configuration` shows an example.',
    },
  ];
}

function isMissing({ path }: z.core.$ZodIssue, raw: unknown): boolean {
  const [name] = path;
  const isThere = typeof raw === 'object' && raw !== null && String(name) in raw;
  return path.length === 1 && !isThere;
}

function shapeOf(raw: unknown): object {
  const kind = typeof raw === 'object' && raw !== null && 'kind' in raw ? raw.kind : undefined;
  const known = KINDS.find((each) => each === kind);
  return known === undefined ? {} : SCHEMAS[known].shape;
}
