/** The manifests of a file as the library writes them out (crJSON), read leniently: they are foreign. */
import { z } from 'zod';

const text = z.string().optional().catch(undefined);

const statusSchema = z.object({ code: z.string(), explanation: text });
const statusesSchema = z.array(statusSchema).catch([]);
const resultsSchema = z.object({ failure: statusesSchema }).catch({ failure: [] });

const agentSchema = z
  .union([z.string(), z.object({ name: z.string(), version: text })])
  .optional()
  .catch(undefined);

const actionSchema = z.object({
  action: z.string(),
  description: text,
  softwareAgent: agentSchema,
  digitalSourceType: text,
  when: text,
});

const ingredientSchema = z.object({
  relationship: z.string().catch('parentOf'),
  'dc:title': text,
  'dc:format': text,
  activeManifest: z.object({ url: z.string() }).optional().catch(undefined),
  /** As older versions of the standard call it. */
  c2pa_manifest: z.object({ url: z.string() }).optional().catch(undefined),
  validationResults: z.object({ activeManifest: resultsSchema }).optional().catch(undefined),
});

const generatorSchema = z.object({ name: z.string(), version: text });
const claimSchema = z.object({
  claim_generator_info: z
    .union([generatorSchema, z.array(generatorSchema)])
    .optional()
    .catch(undefined),
  claim_generator: text,
});

const nameSchema = z.record(z.string(), z.unknown()).optional().catch(undefined);

const signatureSchema = z.object({
  algorithm: text,
  certificateInfo: z
    .object({
      serialNumber: text,
      issuer: nameSchema,
      subject: nameSchema,
      validity: z.object({ notAfter: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  timeStampInfo: z.object({ timestamp: text }).optional().catch(undefined),
});

const manifestSchema = z.object({
  label: z.string(),
  assertions: z.record(z.string(), z.unknown()).catch({}),
  claim: claimSchema.optional().catch(undefined),
  'claim.v2': claimSchema.optional().catch(undefined),
  signature: signatureSchema.optional().catch(undefined),
  validationResults: resultsSchema,
  ingredientDeltas: z
    .array(z.object({ validationDeltas: resultsSchema }))
    .optional()
    .catch(undefined),
});

/** The active manifest first, then those of its ingredients. */
const storeSchema = z.object({ manifests: z.array(manifestSchema).min(1) });

export type ManifestStore = z.infer<typeof storeSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestAction = z.infer<typeof actionSchema>;
export type ManifestIngredient = z.infer<typeof ingredientSchema>;

export function parseStore(json: string): ManifestStore {
  return storeSchema.parse(JSON.parse(json));
}

/** Assertions of a kind; there may be several: `c2pa.actions.v2`, `c2pa.actions.v2__1`. */
function assertionsOf({ assertions }: Manifest, kind: string): unknown[] {
  return Object.entries(assertions)
    .filter(([label]) => label === kind || /^(?:\.v\d+)?(?:__\d+)?$/.test(label.slice(kind.length)))
    .filter(([label]) => label.startsWith(kind))
    .map(([, assertion]) => assertion);
}

const actionsSchema = z.object({ actions: z.array(actionSchema) });

export function actionsOf(manifest: Manifest): ManifestAction[] {
  return assertionsOf(manifest, 'c2pa.actions').flatMap(
    (assertion) => actionsSchema.safeParse(assertion).data?.actions ?? [],
  );
}

export function ingredientsOf(manifest: Manifest): ManifestIngredient[] {
  return assertionsOf(manifest, 'c2pa.ingredient').flatMap((assertion) => {
    const { data } = ingredientSchema.safeParse(assertion);
    return data === undefined ? [] : [data];
  });
}
