/** Does `count` pieces of work, `most` at a time. */
export async function keepInFlight(
  count: number,
  most: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lines = Array.from({ length: most }, async () => {
    while (next < count) {
      const at = next;
      next += 1;
      await work(at);
    }
  });
  await Promise.all(lines);
}
