import { seededRandom, type Random } from '../src/engine/core/random.ts';
import { FAULTS, type Behaviour, type FaultName } from './behaviour.ts';

/**
 * Chance that belongs to one thing (a request, a prompt): what is drawn for others before does not
 * change it.
 */
export function chanceOf(seed: number, ...subject: readonly (string | number)[]): Random {
  return seededRandom(fnv1a([seed, ...subject].join('\n')));
}

/** A duration of `range`, drawn evenly; whole milliseconds. */
export function drawMs(random: Random, range: Behaviour['latencyMs']): number {
  if (range === undefined) return 0;
  if (typeof range === 'number') return range;
  const [least, most] = range;
  return Math.round(least + random.next() * (most - least));
}

/** The fault of one request, or none; what the vendor cannot have is none. */
export function drawFault(
  random: Random,
  shares: Behaviour['faults'],
  impossible: readonly FaultName[],
): FaultName | undefined {
  let left = random.next();
  for (const name of FAULTS) {
    left -= shares?.[name] ?? 0;
    if (left < 0) return impossible.includes(name) ? undefined : name;
  }
  return undefined;
}

/** Whether policy refuses a prompt, and when: always the same answer for the same prompt and seed. */
export function drawRefusal(
  seed: number,
  prompt: string,
  refusals: Behaviour['refusals'],
): 'input' | 'output' | undefined {
  if (!refusals) return undefined;
  const random = chanceOf(seed, 'refusal', prompt);
  const isUnlucky = random.next() < (refusals.share ?? 0);
  const matches = refusals.pattern !== undefined && new RegExp(refusals.pattern, 'iu').test(prompt);
  if (!isUnlucky && !matches) return undefined;
  return refusals.stage ?? (random.next() < 0.5 ? 'input' : 'output');
}

/** 32-bit FNV-1a over UTF-16 units: small, and the same on every machine. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
