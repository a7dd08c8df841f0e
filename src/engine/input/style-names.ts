import { bad, good, type Reading } from './reading.ts';

/** The styles a row may name. */
export interface StyleNames {
  /** Finds a name whatever its case, and gives it as the style file has it. */
  read(name: string): Reading<string>;
}

export function styleNames(names: Iterable<string>): StyleNames {
  const known = [...names];
  const exact = new Set(known);
  const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  return {
    read(name) {
      if (exact.has(name)) return good(name);
      const found = byLowerCase.get(name.toLowerCase());
      if (found !== undefined) return good(found);
      const shown = known.slice(0, 12).join(', ') + (known.length > 12 ? ', …' : '');
      return bad('This style is not in the style file', `Choose one of ${shown}.`);
    },
  };
}
