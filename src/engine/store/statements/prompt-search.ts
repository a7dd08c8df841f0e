/** Words in prompts, which stand in the JSON of planned rows and of amendments. */
import { sql } from 'kysely';
import { holds } from './run-listing.ts';

/** Prompts stand in JSON, where quotes and line ends look otherwise. */
export function promptHolds(search: string) {
  const text = JSON.stringify(search).slice(1, -1);
  const inPlanned = holds(`rows.planned`, text);
  const inAmended = sql<boolean>`coalesce(${holds('requests.amendment', text)}, false)`;
  return sql<boolean>`(${inPlanned} or ${inAmended})`;
}

/** What the search finds in the JSON beside the prompts is no hit. */
export function promptsMention(prompts: readonly string[], search: string): boolean {
  const part = search.toLowerCase();
  return prompts.some((text) => text.toLowerCase().includes(part));
}
