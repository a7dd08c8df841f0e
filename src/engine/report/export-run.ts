import { type Delivery, runEntries, targetOf } from '../drive/delivery.ts';
import { NameRegistry } from '../deliver/unique-name.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Delivers a run once more, into any folder, from what is stored. Returns how many images. */
export async function exportRun(
  deps: { readonly store: Store; readonly delivery: Delivery },
  run: StoredRun,
  folder: string,
): Promise<{ readonly files: number }> {
  const { store, delivery } = deps;
  const target = targetOf(run, folder);
  const names = new NameRegistry();
  const files = new Map<string, string>();
  for await (const record of store.records(run.id, { states: ['delivered'] })) {
    const { file } = await delivery.image(target, record, names);
    files.set(record.itemId, file);
  }
  await delivery.run(target, () => withFiles(runEntries(store, run.id), files));
  return { files: files.size };
}

/** The same entries with the names that their files have in the other folder. */
async function* withFiles(
  entries: ReturnType<typeof runEntries>,
  files: ReadonlyMap<string, string>,
): ReturnType<typeof runEntries> {
  for await (const entry of entries) {
    const file = 'itemId' in entry ? files.get(entry.itemId) : undefined;
    yield file === undefined ? entry : { ...entry, file };
  }
}
