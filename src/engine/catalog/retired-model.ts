import type { Model } from '../core/model.ts';

/** What is told of a model that is no longer served. */
export interface RetiredModel {
  readonly id: string;
  readonly title: string;
  readonly aliases?: readonly string[];
  /** `YYYY-MM-DD`, the vendor's date. */
  readonly since: string;
  readonly source: string;
}

/**
 * An entry that is there to be refused with its replacement's name. Nothing else of it matters any more,
 * so that everything else is the replacement's.
 */
export function retiredModel(replacement: Model, retired: RetiredModel): Model {
  const { guideSide: _ofTheReplacement, batch: _noMore, ...shared } = replacement;
  return {
    ...shared,
    id: retired.id,
    title: retired.title,
    aliases: retired.aliases ?? [],
    lifecycle: { state: 'retired', since: retired.since, replacement: replacement.id },
    inAuto: false,
    prices: { ...replacement.prices, creditSource: 'ours' },
    source: retired.source,
  };
}
