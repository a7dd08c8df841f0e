import { FLAG_KINDS, type FlagKind } from '../../src/engine/core/flag.ts';

/** How many images have which flag, before any is counted. */
export function noFlags(): Record<FlagKind, number> {
  return Object.fromEntries(FLAG_KINDS.map((kind) => [kind, 0])) as Record<FlagKind, number>;
}
