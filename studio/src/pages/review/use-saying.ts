/** Says something of images: on the page at once, on the server right after, and back again by undo. */
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReviewChange } from '../../../../src/engine/core/review.ts';
import { client } from '../../client.ts';
import { readSaid, type Said, type Tile, writeSaid } from '../../queries/reviews.ts';

/** Images of one call. */
const AT_ONCE = 2_000;
const MOST_STEPS = 200;

export interface Saying {
  readonly tiles: readonly Tile[];
  readonly change: ReviewChange;
}

type Former = NonNullable<Awaited<ReturnType<typeof client.reviews.many>>['former']>;

/** What was done at once, and is undone at once. */
interface Step {
  readonly before: readonly Tile[];
  /** As the server has it; empty where it failed. */
  readonly former: Promise<Former>;
}

type Order =
  | { readonly say: readonly Saying[] }
  | { readonly restore: Promise<Former>; readonly before: readonly Tile[] };

export function useSaying(run: string) {
  const queries = useQueryClient();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const send = useMutation({
    // One after the other: the last word on an image is the last that is written.
    scope: { id: `reviews ${run}` },
    mutationFn: (order: Order) => sendOrder(run, order),
    onSuccess: ({ at }, order) => end(order, at),
    onError: (_error, order) => end(order, undefined, tilesOf(order)),
    onSettled: (_answer, _error, order) => {
      for (const { item } of tilesOf(order).slice(0, 10)) {
        void queries.invalidateQueries({ queryKey: ['reviews', run, 'item', item] });
      }
    },
  });

  /** `back`: tiles as they were, when it was not written. */
  function end(order: Order, at: number | undefined, back: readonly Tile[] = []): void {
    const known = readSaid(queries, run);
    const former = new Map(back.map((tile) => [tile.item, tile]));
    const ended = tilesOf(order).flatMap(({ item }): [string, Said][] => {
      const said = known.get(item);
      if (said === undefined) return [];
      const pending = said.pending - 1;
      const words = pending === 0 ? former.get(item) : undefined;
      return [[item, { ...said, ...(words && wordsOf(words)), pending, at: at ?? said.at }]];
    });
    writeSaid(queries, run, ended);
  }

  function show(entries: readonly { readonly tile: Tile; readonly change: ReviewChange }[]): void {
    const known = readSaid(queries, run);
    writeSaid(
      queries,
      run,
      entries.map(({ tile, change }): [string, Said] => {
        const said = known.get(tile.item);
        const before = said ?? { ...wordsOf(tile), at: 0, pending: 0 };
        return [tile.item, { ...changed(before, change), pending: before.pending + 1 }];
      }),
    );
  }

  const say = (...sayings: readonly Saying[]) => {
    const before = sayings.flatMap(({ tiles }) => tiles);
    if (before.length === 0) return;
    show(sayings.flatMap(({ tiles, change }) => tiles.map((tile) => ({ tile, change }))));
    const former = send.mutateAsync({ say: sayings }).then(
      (answer) => answer.former,
      () => [],
    );
    setSteps((known) => [...known, { before, former }].slice(-MOST_STEPS));
  };

  /** Answers the images that are as they were before. */
  const undo = (): readonly Tile[] => {
    const last = steps.at(-1);
    if (last === undefined) return [];
    setSteps((known) => known.slice(0, -1));
    show(
      last.before.map((tile) => ({
        tile,
        change: { verdict: tile.verdict, stars: tile.stars, note: tile.has_note ? ' ' : null },
      })),
    );
    send.mutate({ restore: last.former, before: last.before });
    return last.before;
  };

  return { say, undo, canUndo: steps.length > 0 };
}

function wordsOf({ verdict, stars, has_note }: Tile) {
  return { verdict, stars, has_note };
}

function changed(before: Said, { verdict, stars, note }: ReviewChange): Said {
  return {
    ...before,
    ...(verdict !== undefined && { verdict }),
    ...(stars !== undefined && { stars }),
    ...(note !== undefined && { has_note: note !== null && note !== '' }),
  };
}

function tilesOf(order: Order): readonly Tile[] {
  return 'say' in order ? order.say.flatMap(({ tiles }) => tiles) : order.before;
}

async function sendOrder(run: string, order: Order) {
  const bodies = 'say' in order ? order.say.flatMap(bodiesOf) : restoring(await order.restore);
  const former: Former = [];
  let at: number | undefined;
  for (const body of bodies) {
    const answer = await client.reviews.many(run, body);
    former.push(...(answer.former ?? []));
    if (answer.at !== null) at = Date.parse(answer.at);
  }
  return { former, at };
}

function bodiesOf({ tiles, change }: Saying) {
  return inParts(tiles.map(({ item }) => item)).map((items) => ({ items, ...change }));
}

function restoring(former: Former) {
  return inParts(former).map((restore) => ({ restore }));
}

function inParts<Entry>(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    parts.push(entries.slice(from, from + AT_ONCE));
  }
  return parts;
}
