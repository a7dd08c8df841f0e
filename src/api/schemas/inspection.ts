/** What a picture's file says of itself; `inspectionJson` makes it, and the command line prints the same. */
import { z } from '../zod.ts';

const propertySchema = z.object({ name: z.string(), value: z.string() });

const marksSchema = z
  .object({
    generator: z.string(),
    source: z.string(),
    model: z.string().optional(),
    vendor: z.string().optional(),
    prompt: z.string().optional(),
    negativePrompt: z.string().optional(),
    seed: z.number().optional(),
    row: z.int().optional(),
    index: z.int().optional(),
    runId: z.string().optional(),
    itemId: z.string().optional(),
    createdAt: z.string().optional(),
  })
  .openapi({ description: 'Our own marks of origin.' });

const actionSchema = z.object({
  action: z.string(),
  description: z.string().optional(),
  by: z.string().optional(),
  digitalSourceType: z.string().optional(),
  when: z.string().optional(),
});

const credentialsSchema = z
  .object({
    kind: z.enum(['none', 'valid', 'untrusted', 'broken']).openapi({
      description:
        '`valid`: intact, by somebody who is trusted; `untrusted`: intact; `broken`: the file was changed since.',
    }),
    elsewhere: z.string().optional(),
    signer: z.string().optional(),
    issuer: z.string().optional(),
    signedAt: z.string().optional(),
    certificateEndsAt: z.string().optional(),
    generator: z.string().optional(),
    digitalSourceType: z.string().optional(),
    actions: z.array(actionSchema).optional(),
    ingredients: z
      .array(
        z.object({
          relationship: z.string(),
          title: z.string().optional(),
          format: z.string().optional(),
          credentials: z
            .object({
              signer: z.string().optional(),
              issuer: z.string().optional(),
              generator: z.string().optional(),
            })
            .optional()
            .openapi({ description: 'Its own; what they say stands as in the file.' }),
          problems: z.array(z.string()),
        }),
      )
      .optional(),
    problems: z.array(z.string()).optional(),
  })
  .openapi({ description: 'Content credentials (C2PA).' });

export const inspectionSchema = z
  .object({
    bytes: z.int(),
    sha256: z.string(),
    format: z.string().openapi({ example: 'PNG' }),
    width: z.int(),
    height: z.int(),
    colour_space: z.string(),
    colour_profile: z.string().nullable(),
    bits: z.int(),
    channels: z.int(),
    alpha: z.boolean(),
    frames: z.int(),
    orientation: z.int().nullable(),
    decodes: z.enum(['whole', 'broken', 'unchecked']),
    decodes_reason: z.string().nullable(),
    source_type: z.string().nullable().openapi({
      description: "The IPTC's digital source type.",
      example: 'trainedAlgorithmicMedia',
    }),
    marks: marksSchema.nullable(),
    tells_place: z.boolean().openapi({ description: 'It says where it was taken (GPS).' }),
    xmp: z.array(propertySchema),
    iptc: z.array(propertySchema),
    exif: z.array(propertySchema),
    texts: z.array(propertySchema),
    credentials: credentialsSchema,
    known: z
      .array(
        z.object({
          kind: z.enum(['master', 'item', 'delivered']),
          runId: z.string(),
          itemId: z.string().optional(),
          row: z.int().optional(),
          index: z.int().optional(),
          file: z.string().optional(),
          manifest: z.string().optional(),
        }),
      )
      .openapi({ description: 'Images of the workspace that it is, or says that it is.' }),
  })
  .openapi('Inspection');
