/** `imagemill keys`: API keys of a service. */
import { keyJson } from '../../api/json/key-json.ts';
import { formatMicros, toMicros } from '../../engine/core/credits.ts';
import { UsageError } from '../../engine/core/errors.ts';
import { type ApiKey, LOCAL_WORKSPACE, ROLES, SCOPES } from '../../engine/core/workspace.ts';
import { readExpiry, readSpan } from '../expiry.ts';
import type { Screen } from '../screen.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';

export interface KeyOptions extends CommonOptions {
  readonly workspace?: string;
  readonly name?: string;
  readonly role?: string;
  readonly scopes?: string;
  readonly budget?: string;
  readonly expires?: string;
  readonly keepOld?: string;
  readonly person?: boolean;
}

/** The secret is all that stdout gets, so that it can be piped to where it is kept. */
export async function create(options: KeyOptions): Promise<number> {
  const { workspace = LOCAL_WORKSPACE } = options;
  const role = oneOf('--role', ROLES, options.role ?? 'member');
  const order = { workspace, role, name: options.name ?? `${role} key`, ...termsOf(options) };
  await using session = await openSession(options);
  const { keys, workspaces } = session.engine.service;
  if (workspace === LOCAL_WORKSPACE) await workspaces.ensureLocalAlone();
  const { key, secret } = await keys.issue(order);
  session.screen.warn(
    `The key "${key.name}" (${key.id}, ${key.role}) of ${workspace}, told this one time:`,
  );
  tellSecret(session.screen, key, secret);
  return 0;
}

export async function list(options: KeyOptions): Promise<number> {
  const { workspace = LOCAL_WORKSPACE } = options;
  await using session = await openSession(options);
  const { engine, screen } = session;
  if ((await engine.service.workspaces.find(workspace)) === undefined) {
    throw new UsageError(`There is no workspace "${workspace}".`);
  }
  const keys = await engine.service.keys.list(workspace);
  const now = Date.now();
  const columns = [
    { title: 'Key' },
    { title: 'Name' },
    { title: 'Role' },
    { title: 'Secret' },
    { title: 'State' },
    { title: 'Budget', align: 'right' as const },
    { title: 'Used' },
  ];
  const rows = keys.map((key) => rowOf(key, now));
  if (rows.length === 0) screen.say(`The workspace ${workspace} has no key yet.`);
  else for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
  screen.result({ keys: keys.map((key) => keyJson(key, now)) });
  return 0;
}

export async function rotate(id: string, options: KeyOptions): Promise<number> {
  const keepOldMs = options.keepOld === undefined ? 0 : readSpan('--keep-old', options.keepOld);
  await using session = await openSession(options);
  const { key, secret } = await session.engine.service.keys.rotate(
    await known(session, id),
    keepOldMs,
  );
  session.screen.warn(`The new secret of "${key.name}" (${key.id}), told this one time:`);
  tellSecret(session.screen, key, secret);
  return 0;
}

export async function revoke(id: string, options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const key = await engine.service.keys.revoke(await known(session, id));
  screen.say(`The key "${key.name}" (${key.id}) opens nothing any more.`);
  screen.result(keyJson(key, Date.now()));
  return 0;
}

/** Throws `UsageError` for a key that is none, before anything else is said about it. */
async function known({ engine }: Session, id: string): Promise<string> {
  if ((await engine.service.keys.find(id)) !== undefined) return id;
  throw new UsageError(
    `There is no key "${id.slice(0, 64)}". Name its id, like key_7hd2mq9xk4bt3wpz; \`imagemill keys list\` shows them.`,
  );
}

function tellSecret(screen: Screen, key: ApiKey, secret: string): void {
  if (screen.json) screen.result({ ...keyJson(key, Date.now()), secret });
  else screen.say(secret);
}

function rowOf(key: ApiKey, now: number): string[] {
  const { budgetCreditMicros: budget } = key;
  const used = key.postedCreditMicros + key.heldCreditMicros;
  return [
    key.id,
    key.name,
    key.role,
    `…${key.hint}`,
    keyJson(key, now).state,
    budget === undefined ? '' : `${formatMicros(used)} of ${formatMicros(budget)}`,
    key.lastUsedAt === undefined ? 'never' : aboutText(key.lastUsedAt, now),
  ];
}

function termsOf({ scopes, budget, expires, person }: KeyOptions) {
  return {
    ...(person === true && { holder: 'person' as const }),
    ...(scopes !== undefined && {
      scopes: scopes.split(',').map((scope) => oneOf('--scopes', SCOPES, scope.trim())),
    }),
    ...(budget !== undefined && { budgetCreditMicros: creditsOf(budget) }),
    ...(expires !== undefined && { expiresAt: readExpiry('--expires', expires, Date.now()) }),
  };
}

function creditsOf(text: string): number {
  if (/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return toMicros(Number(text));
  throw new UsageError(`--budget must be a number of credits like 50 or 2.5: it is "${text}".`);
}

function oneOf<Word extends string>(option: string, words: readonly Word[], text: string): Word {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new UsageError(`${option} must be ${words.join(', ')}: it is "${text}".`);
}
