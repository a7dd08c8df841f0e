export type { ItemRecord, RunFacts } from '../core/item-record.ts';
