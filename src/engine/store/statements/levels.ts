import type { StoreContext } from '../context.ts';
import { levelOfStore, migrationsOf, refusal, type StoreLevel } from '../store-level.ts';

export async function storeLevel({ database }: StoreContext): Promise<StoreLevel> {
  return levelOfStore(database, await migrationsOf(database));
}

export async function tooOld({ database }: StoreContext): Promise<string | undefined> {
  return (await refusal(database))?.message;
}
