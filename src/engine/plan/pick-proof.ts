/** What the choice of a sample needs to know of a planned row. */
export interface ProofCandidate {
  /** The row's key: hexadecimal, evenly spread, so that its order is a fair draw that never changes. */
  readonly key: string;
  readonly model: string;
  readonly style?: string;
  /** Characters of the prompt. */
  readonly promptLength: number;
  readonly number: number;
}

/** Rows of one model and style, of which a fair sample is kept. */
interface Group {
  readonly model: string;
  rows: number;
  sample: ProofCandidate[];
}

/** Candidates kept in all: what bounds the memory, whatever the sheet and the sample's size. */
const MOST_KEPT = 100_000;
/** Models and styles told apart at most; further styles of a model share a group. */
const MOST_GROUPS = 1_000;
/** Candidates that a group keeps at least, so that short, middling and long prompts are among them. */
const LEAST_KEPT = 30;
/** Short, middling and long prompts. */
const LENGTHS = 3;

/**
 * Picks the rows of a proof: `n` of them (or all, if there are fewer), spread over models, styles and
 * prompt lengths. Groups of the same model and style take turns, models alternating and large groups
 * first; within a group short, middling and long prompts take turns. Deterministic: the same candidates
 * give the same rows (their order matters only beyond the bound on groups). One pass, bounded memory.
 */
export async function pickProof(
  n: number,
  candidates: AsyncIterable<ProofCandidate> | Iterable<ProofCandidate>,
): Promise<Set<string>> {
  if (n <= 0) return new Set();
  const mostSampled = Math.max(n, LEAST_KEPT);
  const mostGroups = Math.max(1, Math.min(MOST_GROUPS, Math.floor(MOST_KEPT / (2 * mostSampled))));
  const groups = new Map<string, Group>();
  for await (const candidate of candidates) {
    addTo(groupOf(groups, candidate, mostGroups), candidate, mostSampled);
  }
  const queues = inTurn([...groups.values()]).map((group, turn) =>
    byLengths(smallestKeys(group.sample, mostSampled), turn),
  );
  return new Set(roundRobin(queues, n).map((candidate) => candidate.key));
}

function groupOf(groups: Map<string, Group>, candidate: ProofCandidate, most: number): Group {
  const { model, style } = candidate;
  const own = JSON.stringify([model, style ?? null]);
  const known = groups.get(own);
  if (known) return known;
  const name = groups.size < most ? own : JSON.stringify([model]);
  const shared = groups.get(name);
  if (shared) return shared;
  const group: Group = { model, rows: 0, sample: [] };
  groups.set(name, group);
  return group;
}

function addTo(group: Group, candidate: ProofCandidate, mostSampled: number): void {
  group.rows += 1;
  group.sample.push(candidate);
  if (group.sample.length >= 2 * mostSampled) {
    group.sample = smallestKeys(group.sample, mostSampled);
  }
}

function smallestKeys(sample: readonly ProofCandidate[], most: number): ProofCandidate[] {
  return sample.toSorted(byKey).slice(0, most);
}

/** Largest group of each model first, then the second largest of each, and so on. */
function inTurn(groups: readonly Group[]): Group[] {
  const bySize = groups.toSorted(
    (one, other) => other.rows - one.rows || compare(firstKey(one), firstKey(other)),
  );
  const ranks = new Map<string, number>();
  const ranked = bySize.map((group) => {
    const rank = ranks.get(group.model) ?? 0;
    ranks.set(group.model, rank + 1);
    return { group, rank };
  });
  return ranked
    .toSorted((one, other) => one.rank - other.rank || compare(one.group.model, other.group.model))
    .map(({ group }) => group);
}

/** A group's candidates, its short, middling and long ones in turn; `turn` says which come first. */
function byLengths(sample: readonly ProofCandidate[], turn: number): ProofCandidate[] {
  const ordered = sample.toSorted(
    (one, other) => one.promptLength - other.promptLength || byKey(one, other),
  );
  const thirds = Array.from({ length: LENGTHS }, (_, index) => {
    const third = (index + turn) % LENGTHS;
    const from = Math.round((third * ordered.length) / LENGTHS);
    const to = Math.round(((third + 1) * ordered.length) / LENGTHS);
    return ordered.slice(from, to).toSorted(byKey);
  });
  return roundRobin(thirds, ordered.length);
}

/** The first of each queue, then the second of each, until there are `most`. */
function roundRobin<Item>(queues: readonly (readonly Item[])[], most: number): Item[] {
  const taken: Item[] = [];
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  for (let place = 0; place < longest; place += 1) {
    for (const queue of queues) {
      if (taken.length >= most) return taken;
      if (place < queue.length) taken.push(...queue.slice(place, place + 1));
    }
  }
  return taken;
}

function firstKey(group: Group): string {
  return group.sample.reduce((least, { key }) => (key < least ? key : least), '~');
}

function byKey(one: ProofCandidate, other: ProofCandidate): number {
  return compare(one.key, other.key) || one.number - other.number;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
