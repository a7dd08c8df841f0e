/** Credits: how a workspace stands, its ledger, and what operators enter. */
import { creditsJson, entryJson, ledgerLineJson } from '../../api/json/credits-json.ts';
import { enterCreditsRoute, getCreditsRoute, listLedgerRoute } from '../../api/routes/credits.ts';
import type { EntryAnswer } from '../../engine/core/credit-entry.ts';
import { formatMicros, toMicros } from '../../engine/core/credits.ts';
import type { LedgerPlace, WorkspaceLedgerLine } from '../../engine/core/workspace-ledger.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { answerCsv, wantsCsv } from '../files/csv-answer.ts';
import { given } from '../orders/given.ts';
import { handleRoute } from '../handle-route.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { keptWorkspace } from './keys.ts';
import { knownWorkspace } from './workspaces.ts';

export function creditRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const { credits } = engine.service;

  handleRoute(app, getCreditsRoute, async (c) => {
    const workspace = await keptWorkspace(c, deps, c.req.valid('query').workspace);
    const standing = await credits.standing(workspace);
    if (standing === undefined) throw notFound(`workspace "${workspace}"`);
    return c.json(creditsJson(standing), 200);
  });

  handleRoute(app, listLedgerRoute, async (c) => {
    const { workspace: named, format, limit, after, ...query } = c.req.valid('query');
    const workspace = await keptWorkspace(c, deps, named);
    const { order, run: runId } = query;
    const filter = {
      order,
      ...given({ from: timeOf(query.from), to: timeOf(query.to), runId }),
    };
    if (wantsCsv(c, format)) {
      return answerCsv('ledger', LEDGER_COLUMNS, ledgerRows(credits.ledger(workspace, filter)));
    }
    const page = await credits.ledgerPage(workspace, filter, {
      most: limit + 1,
      ...(after !== undefined && { after: placeOf(after) }),
    });
    const data = page.slice(0, limit);
    const next = page.length > limit ? cursorOf(data.at(-1)!) : null;
    return c.json({ data: data.map(ledgerLineJson), next }, 200);
  });

  handleRoute(app, enterCreditsRoute, async (c) => {
    const { id: workspace } = await knownWorkspace(deps, c.req.valid('param').workspace);
    const { credits: amount, begin_balance: beginsBalance, ...body } = c.req.valid('json');
    const id = `entry_${c.var.resource}`;
    const before = await enteredBefore(c, deps, id);
    if (before !== undefined) return c.json(before, 201);
    const { kind, reason, reference, paid } = body;
    const answer = await credits.enter({
      id,
      workspace,
      kind,
      reason,
      creditMicros: toMicros(amount),
      beginsBalance,
      byKey: c.var.caller.key.id,
      ...given({ reference, paid }),
    });
    const entered = enteredOf(answer, workspace);
    for (const run of entered.reopened) engine.keeper.wake(run);
    return c.json(entryJson(entered), entered.isNew ? 201 : 200);
  });
}

/** What an earlier attempt of the same request had entered before it was cut off. */
async function enteredBefore(c: AppContext, { engine }: ServerDeps, id: string) {
  if (!c.var.isRepeat) return undefined;
  const { credits } = engine.service;
  const entry = await credits.find(id);
  if (entry === undefined) return undefined;
  const standing = await credits.standing(entry.workspace);
  const balance = given({ availableCreditMicros: standing?.availableCreditMicros });
  return entryJson({ entry, ...balance, isNew: true, reopened: [] });
}

/** Throws a problem for what was not written. */
function enteredOf(answer: EntryAnswer, workspace: string) {
  switch (answer.kind) {
    case 'written':
      return { ...answer, isNew: true };
    case 'known':
      return { ...answer, isNew: false, reopened: [] };
    case 'mismatch':
      throw new ProblemError(
        'conflict',
        `The reference "${answer.entry.reference}" belongs to another entry: ${answer.entry.kind} of ${formatMicros(answer.entry.creditMicros, 6)} credits. Give each payment its own.`,
      );
    case 'no-workspace':
      throw notFound(`workspace "${workspace}"`);
    case 'no-balance':
      throw new ProblemError(
        'conflict',
        `The workspace "${workspace}" keeps no balance: it may spend freely, and credits change nothing. Send begin_balance to begin one at 0 credits, from which this is counted.`,
      );
    case 'not-bought':
      throw new ProblemError(
        'conflict',
        `Only ${formatMicros(answer.boughtCreditMicros, 6)} credits were bought, less what was refunded. To take granted credits away, enter a correction below 0.`,
      );
  }
}

const LEDGER_COLUMNS = [
  'at',
  'kind',
  'account',
  'credits',
  'source',
  'run',
  'key',
  'items',
  'reason',
  'reference',
] as const;

async function* ledgerRows(lines: AsyncIterable<WorkspaceLedgerLine>) {
  for await (const line of lines) {
    const { items, ...cells } = ledgerLineJson(line);
    const row = { ...cells, items: items.join(' ') };
    yield LEDGER_COLUMNS.map((column) => row[column]);
  }
}

/** Says where a page ended; those who page need not know what it means. */
function cursorOf({ at, source, kind, account }: WorkspaceLedgerLine): string {
  return [at, kind, account, source].join('.');
}

function placeOf(cursor: string): LedgerPlace {
  const [, at, kind, account, source] = /^(\d{1,15})\.(\w+)\.(\w+)\.(.+)$/.exec(cursor) ?? [];
  if (at === undefined || kind === undefined || account === undefined || source === undefined) {
    throw new ProblemError('invalid', '`after` is no `next` of a page of this list.', {
      problems: [
        {
          field: 'query.after',
          value: cursor,
          message: 'It is no `next` of a page of this list.',
          remedy: 'Give the `next` of the page before as it is, or leave it out.',
        },
      ],
    });
  }
  return { at: Number(at), kind, account, source };
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
