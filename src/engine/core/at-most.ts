/** Runs a piece of work when fewer than the most allowed are under way; in the order they came. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Lets at most `most` pieces of work go on at once. */
export function atMost(most: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody comes between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
