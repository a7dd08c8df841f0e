/** A page of a list whose entries go on after one of them, named by its id. */
interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
}

interface Page<Entry> {
  readonly data: Entry[];
  readonly next: string | null;
}

/** `list` is asked for one entry more, which tells whether there is another page. */
export async function pageFrom<Entry extends { readonly id: string }>(
  { limit, after }: PageQuery,
  list: (place: { readonly limit: number; readonly after?: string }) => Promise<Entry[]>,
): Promise<Page<Entry>> {
  const entries = await list({ limit: limit + 1, ...(after !== undefined && { after }) });
  const data = entries.slice(0, limit);
  return { data, next: entries.length > limit ? (data.at(-1)?.id ?? null) : null };
}
