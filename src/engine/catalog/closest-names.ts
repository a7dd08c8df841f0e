/** Names whose distance is more than this share of their length are not meant. */
const FARTHEST_SHARE = 0.5;

/** Up to `most` of `names` that are spelled like `wanted`, the closest first, then by name. */
export function closestNames(wanted: string, names: readonly string[], most = 3): string[] {
  const plain = wanted.trim().toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceTo(plain, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= FARTHEST_SHARE)
    .toSorted((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** 0 for the same text, 1 for nothing in common; a name that contains the other is near. */
function distanceTo(one: string, other: string): number {
  const longer = Math.max(one.length, other.length);
  if (longer === 0) return 0;
  if (one.length > 2 && (one.includes(other) || other.includes(one))) return 0.25;
  // So much has to be added at the least; a text of a hundred thousand characters is compared with no name.
  if (Math.abs(one.length - other.length) / longer > FARTHEST_SHARE) return 1;
  return editDistance(one, other) / longer;
}

/** Levenshtein's distance: insertions, deletions and replacements of one character. */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const shifted = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, shifted));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
