import { errorReply, invalid } from './errors.ts';

/** One page of a list, by the cursor of the last object of the page before. */
export function readPage<Kept extends { readonly id: string }>(
  query: Readonly<Record<string, string | undefined>>,
  all: readonly Kept[],
  describe: (kept: Kept) => Record<string, unknown>,
  bounds: { readonly limit: number; readonly most: number },
): Response {
  const limit = query['limit'] === undefined ? bounds.limit : Number(query['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > bounds.most) {
    const message = `Invalid 'limit': expected an integer from 1 to ${bounds.most}.`;
    return errorReply(invalid('limit', 'invalid_value', message));
  }
  const { after } = query;
  const before = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
  if (after !== undefined && before === -1) {
    return errorReply(
      invalid('after', 'invalid_value', `Invalid 'after': '${after}' is not listed.`),
    );
  }
  const page = all.slice(before + 1, before + 1 + limit);
  return Response.json({
    object: 'list',
    data: page.map(describe),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: before + 1 + limit < all.length,
  });
}
