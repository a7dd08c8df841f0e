/** A page as OpenAI has it, of one entry more than it may have: the last one tells that there are more. */
export function openaiList<Entry extends { readonly id: string }>(
  found: readonly Entry[],
  limit: number,
) {
  const data = found.slice(0, limit);
  return {
    object: 'list' as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  };
}
