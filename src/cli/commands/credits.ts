/** `imagemill credits`: what a workspace has, and what operators enter. */
import { creditsJson, entryJson, ledgerLineJson } from '../../api/json/credits-json.ts';
import type { CreditStanding, EntryAnswer, EntryKind } from '../../engine/core/credit-entry.ts';
import { formatMicros, toMicros } from '../../engine/core/credits.ts';
import { IllegalStateError, UsageError } from '../../engine/core/errors.ts';
import { LOCAL_WORKSPACE } from '../../engine/core/workspace.ts';
import type { WorkspaceLedgerLine } from '../../engine/core/workspace-ledger.ts';
import type { Engine } from '../../engine/engine-types.ts';
import { countText, plural } from '../amount-text.ts';
import { printable } from '../printable-text.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';

export interface CreditsOptions extends CommonOptions {
  readonly workspace?: string;
  readonly reason?: string;
  readonly reference?: string;
  readonly purchase?: boolean;
  readonly correction?: boolean;
  readonly beginBalance?: boolean;
  readonly run?: string;
  readonly limit?: string;
}

const MOST_SHOWN = 50;

export async function balance(options: CreditsOptions): Promise<number> {
  const { workspace = LOCAL_WORKSPACE } = options;
  await using session = await openSession(options);
  const { engine, screen } = session;
  const standing = await standingOf(engine, workspace);
  for (const line of standingLines(standing)) screen.say(line);
  screen.result(creditsJson(standing));
  return 0;
}

export async function grant(amount: string, options: CreditsOptions): Promise<number> {
  const { purchase = false } = options;
  const kind = purchase ? 'purchase' : 'grant';
  const reason = options.reason ?? (purchase ? 'Paid for elsewhere' : 'Granted');
  return enter(kind, creditsOf(amount), reason, options);
}

export async function refund(amount: string, options: CreditsOptions): Promise<number> {
  const { correction = false } = options;
  const creditMicros = creditsOf(amount);
  return correction
    ? enter('correction', -creditMicros, options.reason ?? 'Corrected', options)
    : enter('refund', creditMicros, options.reason ?? 'Refunded', options);
}

export async function ledger(options: CreditsOptions): Promise<number> {
  const { workspace = LOCAL_WORKSPACE, json = false } = options;
  const most =
    options.limit === undefined ? (json ? Infinity : MOST_SHOWN) : limitOf(options.limit);
  await using session = await openSession(options);
  const { engine, screen } = session;
  await standingOf(engine, workspace);
  const runId = options.run === undefined ? undefined : (await engine.findRun(options.run)).id;
  const filter = { order: 'newest' as const, ...(runId !== undefined && { runId }) };
  const lines: WorkspaceLedgerLine[] = [];
  let hasMore = false;
  for await (const line of engine.service.credits.ledger(workspace, filter)) {
    hasMore = lines.length >= most;
    if (hasMore) break;
    lines.push(line);
  }
  if (lines.length === 0) screen.say(`The ledger of ${workspace} is empty.`);
  else for (const line of ledgerTable(lines, screen.colours.dim)) screen.say(line);
  if (hasMore) screen.say(`There are more: --limit N shows as many, --json all of them.`);
  screen.result({ workspace, lines: lines.map(ledgerLineJson) });
  return 0;
}

async function enter(
  kind: EntryKind,
  creditMicros: number,
  reason: string,
  options: CreditsOptions,
): Promise<number> {
  const { workspace = LOCAL_WORKSPACE, reference, beginBalance = false } = options;
  await using session = await openSession(options);
  const { engine, screen } = session;
  const answer = await engine.service.credits.enter({
    workspace,
    kind,
    creditMicros,
    reason,
    beginsBalance: beginBalance,
    ...(reference !== undefined && { reference }),
  });
  const entered = enteredOf(answer, workspace);
  const json = entryJson(entered);
  const amount = formatMicros(Math.abs(entered.entry.creditMicros), 6);
  const words = creditMicros < 0 || kind === 'refund' ? 'were taken back from' : 'went to';
  screen.say(
    entered.isNew
      ? `${amount} credits ${words} ${workspace}.`
      : `The reference ${reference} was entered before: nothing was changed.`,
  );
  if (entered.reopened.length > 0) {
    const runs = plural(entered.reopened.length, 'run');
    screen.say(`${runs} that had stopped for want of credits can go on.`);
  }
  if (json.warning !== null) screen.warn(json.warning);
  for (const line of standingLines(await standingOf(engine, workspace))) screen.say(line);
  screen.result(json);
  return 0;
}

/** Throws for what was not written. */
function enteredOf(answer: EntryAnswer, workspace: string) {
  switch (answer.kind) {
    case 'written':
      return { ...answer, isNew: true };
    case 'known':
      return { ...answer, isNew: false, reopened: [] };
    case 'mismatch':
      throw new IllegalStateError(
        `The reference ${answer.entry.reference} belongs to another entry: ${answer.entry.kind} of ${formatMicros(answer.entry.creditMicros, 6)} credits for ${answer.entry.workspace}. Give each payment its own.`,
      );
    case 'no-workspace':
      throw noWorkspace(workspace);
    case 'no-balance':
      throw new IllegalStateError(
        `The workspace ${workspace} keeps no balance: it may spend freely, and credits change nothing. --begin-balance begins one at 0, from which these are counted.`,
      );
    case 'not-bought':
      throw new IllegalStateError(
        `Only ${formatMicros(answer.boughtCreditMicros, 6)} credits were bought, less what was refunded. --correction takes back credits however they came.`,
      );
  }
}

async function standingOf(engine: Engine, workspace: string): Promise<CreditStanding> {
  const standing = await engine.service.credits.standing(workspace);
  if (standing === undefined) throw noWorkspace(workspace);
  return standing;
}

function noWorkspace(workspace: string): UsageError {
  return new UsageError(
    `There is no workspace "${workspace}". imagemill workspaces list shows all; the first start of imagemill serve makes ${LOCAL_WORKSPACE}.`,
  );
}

function standingLines(standing: CreditStanding): string[] {
  const { availableCreditMicros: available, ceiling } = standing;
  const left = available === undefined ? 'no balance is kept' : formatMicros(available, 6);
  const { imagesPerHour, next } = ceiling;
  const most = imagesPerHour === undefined ? 'none' : `${countText(imagesPerHour)} images an hour`;
  return [
    `Balance  ${left}`,
    `Held     ${formatMicros(standing.heldCreditMicros, 6)}`,
    `Spent    ${formatMicros(standing.postedCreditMicros, 6)}`,
    `Bought   ${formatMicros(standing.boughtCreditMicros, 6)}`,
    `Ceiling  ${most}${ceiling.isFixed ? ', set by hand' : ''}${next ? `; ${nextText(next)}` : ''}`,
  ];
}

function nextText({
  imagesPerHour,
  boughtCreditMicros,
}: NonNullable<CreditStanding['ceiling']['next']>) {
  const most = imagesPerHour === undefined ? 'none' : countText(imagesPerHour);
  return `${most} from ${formatMicros(boughtCreditMicros)} bought credits on`;
}

function ledgerTable(
  lines: readonly WorkspaceLedgerLine[],
  heading: (line: string) => string,
): string[] {
  const now = Date.now();
  const rows = lines.map((line) => [
    aboutText(line.at, now),
    line.kind,
    line.account,
    formatMicros(line.creditMicros, 6),
    line.runId ?? '',
    printable(line.reason ?? line.source),
  ]);
  const columns = [
    { title: 'When' },
    { title: 'Kind' },
    { title: 'Account' },
    { title: 'Credits', align: 'right' as const },
    { title: 'Run' },
    { title: 'Reason or source' },
  ];
  return textTable(columns, rows, heading);
}

function creditsOf(text: string): number {
  const credits = /^\d+(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (credits > 0) return toMicros(credits);
  throw new UsageError(
    `Credits are a number above 0 with at most 6 decimals, like 250 or 12.5: it is "${text}".`,
  );
}

function limitOf(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1) return limit;
  throw new UsageError(`--limit must be a whole number from 1: it is "${text}".`);
}
