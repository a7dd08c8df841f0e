import { z } from 'zod';
import { IMAGE_FORMATS, QUALITIES } from '../../src/engine/core/quality.ts';
import { invalid, type ManyPromptsError } from './errors.ts';

const key = z.string().regex(/^[a-z0-9-]{8,64}$/);
const side = z.int().min(64).max(4096);

const promptSchema = z.object({
  key,
  prompt: z.string().min(1).max(8000),
  negative_prompt: z.string().optional(),
  width: side,
  height: side,
  quality: z.enum(QUALITIES),
  seed: z.int().min(0).optional(),
  count: z.int().min(1).max(10),
  format: z.enum(IMAGE_FORMATS),
  references: z
    .array(
      z.union([
        z.object({ b64: z.base64().min(1), media_type: z.string().startsWith('image/') }),
        z.object({ url: z.url() }),
      ]),
    )
    .optional(),
});

const orderSchema = z.object({
  key,
  model: z.string().min(1),
  prompts: z.array(promptSchema).min(1).max(1000),
});

/** A checked request. */
export type Order = z.infer<typeof orderSchema>;
export type PromptOrder = Order['prompts'][number];

/** The first problem, or the checked order. */
export async function readOrder(request: Request): Promise<Order | ManyPromptsError> {
  const body: unknown = await request.json().catch(() => undefined);
  const order = orderSchema.safeParse(body);
  if (!order.success) {
    const [issue] = order.error.issues;
    return invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a request'}`);
  }
  const keys = new Set(order.data.prompts.map((prompt) => prompt.key));
  return keys.size === order.data.prompts.length
    ? order.data
    : invalid('prompts: two have the same key');
}
