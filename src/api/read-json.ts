import type { z } from './zod.ts';

/** For `transform` of a field of a form that is a text of JSON. */
export function readJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'This is not JSON.' });
    return undefined;
  }
}
