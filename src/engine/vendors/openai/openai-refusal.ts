/** What OpenAI says of a refusal by codes: at which stage, and of what kind. */
import { z } from 'zod';
import type { RefusalCategory, RefusalStage } from '../../core/refusal.ts';

export interface SortedRefusal {
  readonly stage: RefusalStage;
  readonly category: RefusalCategory;
}

/**
 * Sorts the refusal of an `error` object. `moderation_details` (seen since the summer of 2026) has stage
 * and categories; before it the categories stood only as a list at the end of the message:
 * `safety_violations=[sexual, violence].` That list is data, and the only part of a message that is read.
 */
export function sortRefusal(error: unknown): SortedRefusal {
  const parsed = refusalSchema.safeParse(error);
  if (!parsed.success) return { stage: 'input', category: 'unspecified' };
  const { moderation_details: details, message } = parsed.data;
  const codes = details?.categories ?? listedIn(message);
  const category = codes.map((code) => CATEGORIES[code.trim().toLowerCase()]).find(Boolean);
  return {
    stage: details?.moderation_stage === 'output' ? 'output' : 'input',
    category: category ?? 'unspecified',
  };
}

/** The names of the moderation interface, which these are taken from. */
const CATEGORIES: Readonly<Record<string, RefusalCategory>> = {
  sexual: 'sexual',
  'sexual/minors': 'minors',
  minors: 'minors',
  violence: 'violence',
  'violence/graphic': 'violence',
  hate: 'hate',
  'hate/threatening': 'hate',
  harassment: 'harassment',
  'harassment/threatening': 'harassment',
  'self-harm': 'self-harm',
  'self-harm/intent': 'self-harm',
  'self-harm/instructions': 'self-harm',
  illicit: 'illicit',
  'illicit/violent': 'illicit',
  other: 'unspecified',
};

const LISTED = 'safety_violations=[';

function listedIn(message: string): readonly string[] {
  const start = message.lastIndexOf(LISTED);
  const end = message.indexOf(']', start);
  if (start === -1 || end === -1) return [];
  return message.slice(start + LISTED.length, end).split(',');
}

const refusalSchema = z.object({
  message: z.string().catch(''),
  moderation_details: z
    .object({
      moderation_stage: z.string().optional().catch(undefined),
      categories: z.array(z.string()).optional().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
