import { z } from '../zod.ts';

/** Credits and dollars; dollars are null when nobody knows a part of them. */
export const amountSchema = z
  .object({ credits: z.number(), usd: z.number().nullable() })
  .openapi('Amount');
