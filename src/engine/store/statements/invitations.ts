import { changed, type StoreContext } from '../context.ts';
import type { NewInvitation, NewSecret } from '../workspace-store.ts';

export async function inviteHolder(
  { database, dialect }: StoreContext,
  id: string,
  { hash, lastsMs }: NewInvitation,
): Promise<boolean> {
  const now = await dialect.now(database);
  const result = await database
    .updateTable('api_keys')
    .set({ invitation_hash: hash, invitation_until: now + lastsMs })
    .where('id', '=', id)
    .where('holder', '=', 'person')
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return changed(result) === 1;
}

/** The invitation goes in the statement that looks for it: of two who show it at once, one finds it. */
export async function acceptInvitation(
  { database, dialect }: StoreContext,
  invitation: string,
  { hash, hint }: Omit<NewSecret, 'keepOldMs'>,
): Promise<string | undefined> {
  const now = await dialect.now(database);
  return database.transaction().execute(async (trx) => {
    const taken = await trx
      .updateTable('api_keys')
      .set({
        hash,
        hint,
        previous_hash: null,
        previous_until: null,
        invitation_hash: null,
        invitation_until: null,
      })
      .where('invitation_hash', '=', invitation)
      .where('invitation_until', '>', now)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .returning('id')
      .executeTakeFirst();
    if (taken === undefined) return undefined;
    await trx.deleteFrom('sessions').where('key_id', '=', taken.id).execute();
    return taken.id;
  });
}
