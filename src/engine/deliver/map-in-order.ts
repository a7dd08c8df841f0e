/**
 * Gives the results of `work` in the order of the source, with at most `atOnce` of them under way: the
 * source is read no farther ahead than that.
 */
export async function* mapInOrder<Input, Output>(
  source: AsyncIterable<Input>,
  atOnce: number,
  work: (input: Input) => Promise<Output>,
): AsyncGenerator<Output> {
  const underWay: Promise<Output>[] = [];
  try {
    for await (const input of source) {
      const working = work(input);
      // Its failure is told when its turn comes; until then nobody waits for it.
      working.catch(() => undefined);
      underWay.push(working);
      if (underWay.length >= atOnce) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    // After a failure the others still end before anything else is done, and theirs is not told twice.
    await Promise.allSettled(underWay);
  }
}
