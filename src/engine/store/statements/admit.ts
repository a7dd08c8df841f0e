/**
 * Admission in one transaction: lock the limits and the run, read what is used, let the pure decision
 * speak, and write grant, hold and attempt together. What commits here may be sent; nothing else may.
 */
import { type Selectable, sql } from 'kysely';
import type { Obstacle, Purse, ShortPurse } from '../../core/admission.ts';
import type { BundleCandidate, BundleRules } from '../../core/bundle.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { AdmitAnswer, AdmitOrder, AttemptTicket } from '../store.ts';
import type { Tables } from '../tables.ts';
import { putBundle, readSeen } from './bundles.ts';
import { type Candidate, readCandidates, waitingRequests, withinPurse } from './candidates.ts';
import { readPlanned } from './amend.ts';
import { spendFrom, usdToHold, writeGrant } from './grant.ts';
import { ensureLimits, keysOf, readTallies, useOf } from './limit-use.ts';
import { readPayers, underCeiling } from './shared-purses.ts';
import { splitRequest } from './requests.ts';
import { common, type Round } from './round.ts';
import { readBusyGroups } from './suspects.ts';

type Answer = Omit<AdmitAnswer, 'waitedMs'>;

export async function admit(context: StoreContext, order: AdmitOrder): Promise<AdmitAnswer> {
  const askedAt = await context.dialect.now(context.database);
  const answer = await admitNow(context, order);
  return { ...answer, waitedMs: Math.max(0, answer.now - askedAt) };
}

async function admitNow(context: StoreContext, order: AdmitOrder): Promise<Answer> {
  return context.database.transaction().execute(async (trx) => {
    await ensureLimits(trx, order.limits);
    await context.dialect.lockLimits(trx, [...keysOf(order.limits)]);
    await context.dialect.lockRun(trx, order.runId);
    const run = await ownedRun(context, trx, order);
    if (run === undefined || run === 'fenced') {
      return notOurs(await context.dialect.now(trx), run === 'fenced');
    }
    // Read after the locks: a moment taken before them could be older than another's grant.
    const now = await context.dialect.now(trx);
    const limits = underCeiling(order.limits, run.payer.workspace, run.imagesPerHour);
    const tallies = await readTallies(context, trx, limits, now);
    const { purse, payer, phase } = run;
    const round = { order, purse, payer, phase, tallies, now };
    return order.bundle === undefined
      ? grantInOrder(context, trx, round)
      : grantBundle(context, trx, round, order.bundle);
  });
}

function notOurs(now: number, isFenced: boolean): Answer {
  return { granted: [], empty: true, unlearned: false, now, ...(isFenced && { fenced: true }) };
}

interface Granting {
  purse: Purse;
  obstacle?: Obstacle;
  budget?: Shortage;
}

interface Shortage {
  readonly reason: string;
  readonly of: ShortPurse;
}

async function grantInOrder(context: StoreContext, trx: Trx, round: Round): Promise<Answer> {
  const granted: AttemptTicket[] = [];
  const state: Granting = { purse: round.purse };
  // One more than may go: whether anything is left is known with it.
  const read = () => readCandidates(trx, round, state.purse, round.order.most + 1);
  let candidates = await read();
  while (candidates.length > 0 && granted.length < round.order.most) {
    const answer = await grantOne(context, trx, round, candidates.shift()!, state);
    if (answer === 'split') candidates = await read();
    else if (answer === 'wait') break;
    else if (answer !== 'budget') granted.push(answer);
  }
  const { budget, obstacle } = state;
  const mayBeLast = candidates.length === 0 && budget === undefined && obstacle === undefined;
  if (granted.length > 0 && mayBeLast && !(await isWaiting(trx, round))) {
    return { granted, empty: true, ...common(round) };
  }
  return answerOf(context, trx, round, granted, state);
}

/** Whether the lane has a request that is waiting, for whatever. */
async function isWaiting(trx: Trx, round: Round): Promise<boolean> {
  const one = await waitingRequests(trx, round).select('id').limit(1).executeTakeFirst();
  return one !== undefined;
}

/** Grants the requests of one bundle: each has its own hold, and all travel in one call. */
async function grantBundle(
  context: StoreContext,
  trx: Trx,
  round: Round,
  rules: BundleRules,
): Promise<Answer> {
  const state: Granting = { purse: round.purse };
  const granted: AttemptTicket[] = [];
  const busyGroups = await readBusyGroups(trx, round.order);
  // Looks beyond one bundle, since what is of another kind or suspected is passed over.
  const most = 2 * rules.mostRequests;
  const candidates = await readCandidates(trx, round, state.purse, most, busyGroups);
  const picked = new Set(
    context.decisions.pickBundle({
      candidates: candidates.map(toBundleCandidate),
      rules,
      busyGroups,
      seen: await readSeen(trx, round.order),
    }),
  );
  for (const candidate of candidates.filter(({ id }) => picked.has(id))) {
    const answer = await grantOne(context, trx, round, candidate, state, granted.length > 0);
    // What was split goes with the next bundle.
    if (answer === 'split' && granted.length === 0) return grantBundle(context, trx, round, rules);
    if (answer === 'split' || answer === 'wait') break;
    if (answer !== 'budget') granted.push(answer);
  }
  if (granted.length === 0) {
    const answer = await answerOf(context, trx, round, granted, state);
    // What waits for no money and for no time waits for the answer about others of its group.
    if (answer.budget === undefined || state.budget !== undefined || busyGroups.size === 0) {
      return answer;
    }
    return { granted: [], empty: false, obstacle: SUSPECTS_ARE_ASKED, ...common(round) };
  }
  const bundleId = await putBundle(trx, round, granted);
  const travelling = granted.map((ticket) => ({ ...ticket, bundleId }));
  // Another bundle may go at once: only what kept this one from growing is no obstacle to it.
  return { granted: travelling, empty: false, ...common(round) };
}

const SUSPECTS_ARE_ASKED: Obstacle = {
  limit: 'suspects',
  reason: 'waits for the answer about prompts that were refused together',
};

function toBundleCandidate(candidate: Candidate): BundleCandidate {
  const { size, references } = readPlanned(candidate.planned, candidate.amendment);
  return {
    id: candidate.id,
    images: candidate.images,
    pixels: size.width * size.height,
    hasReferences: references.length > 0,
    ...(candidate.suspect_group !== null && { suspectGroup: candidate.suspect_group }),
  };
}

/** Lets the pure decision speak of one request, and writes down what it grants. */
async function grantOne(
  context: StoreContext,
  trx: Trx,
  round: Round,
  candidate: Candidate,
  state: Granting,
  joins = false,
): Promise<AttemptTicket | 'split' | 'wait' | 'budget'> {
  // A bundle is one request to the vendor, whatever it carries.
  const tallies = joins
    ? round.tallies.filter(({ limit }) => limit.unit === 'images')
    : round.tallies;
  const decision = await context.decisions.decideAdmission({
    images: candidate.images,
    creditMicros: candidate.images * candidate.credit_micros_per_image,
    usdMicros: candidate.worst_usd_micros ?? undefined,
    purse: state.purse,
    limits: tallies.map((tally) => useOf(context, trx, tally, round.now)),
    now: round.now,
  });
  switch (decision.kind) {
    case 'split':
      await splitRequest(trx, candidate.id, decision.images);
      return 'split';
    case 'wait':
      state.obstacle = decision.obstacle;
      return 'wait';
    case 'budget':
      state.budget ??= decision;
      return 'budget';
    case 'grant': {
      const usdMicros = usdToHold(state.purse, candidate);
      const ticket = await writeGrant(context, trx, { ...round, tallies }, candidate, usdMicros);
      state.purse = spendFrom(state.purse, candidate);
      return ticket;
    }
  }
}

async function answerOf(
  context: StoreContext,
  trx: Trx,
  round: Round,
  granted: readonly AttemptTicket[],
  { obstacle, budget }: Granting,
): Promise<Answer> {
  if (granted.length > 0 || obstacle !== undefined) {
    return { granted, empty: false, ...common(round), ...(obstacle && { obstacle }) };
  }
  return { ...(await nothingGranted(context, trx, round, budget)), ...common(round) };
}

/** Why nothing was granted: nothing is waiting, it waits for a moment of its own, or for money. */
async function nothingGranted(
  context: StoreContext,
  trx: Trx,
  round: Round,
  budget: Shortage | undefined,
): Promise<Omit<Answer, 'unlearned' | 'now'>> {
  const waiting = waitingRequests(trx, round)
    .select(['not_before', 'wait_reason'])
    .orderBy('not_before')
    .limit(1);
  const next = await withinPurse(waiting, round.purse).executeTakeFirst();
  if (next === undefined) {
    const shortage = budget ?? (await shortageOf(context, trx, round));
    if (shortage === undefined) return { granted: [], empty: true };
    if ('of' in shortage) return short(shortage);
    return { granted: [], empty: false, obstacle: shortage };
  }
  if (next.not_before <= round.now) return short(budget ?? USED_UP);
  const reason = next.wait_reason ?? 'waits to be sent again';
  const obstacle = { limit: 'retry', reason, until: next.not_before };
  return { granted: [], empty: false, obstacle };
}

const USED_UP: Shortage = { reason: 'the budget is used up', of: 'run' };

function short({ reason, of }: Shortage): Omit<Answer, 'unlearned' | 'now'> {
  return { granted: [], empty: false, budget: reason, budgetOf: of };
}

/** What the cheapest of the waiting requests is short of; `undefined`: none is waiting. */
async function shortageOf(
  context: StoreContext,
  trx: Trx,
  round: Round,
): Promise<Shortage | Obstacle | undefined> {
  const cheapest = await waitingRequests(trx, round)
    .select(['images', 'credit_micros_per_image', 'worst_usd_micros'])
    .orderBy(sql`images * credit_micros_per_image`)
    .orderBy(sql`coalesce(worst_usd_micros, 0)`)
    .limit(1)
    .executeTakeFirst();
  if (cheapest === undefined) return undefined;
  const decision = await context.decisions.decideAdmission({
    images: cheapest.images,
    creditMicros: cheapest.images * cheapest.credit_micros_per_image,
    usdMicros: cheapest.worst_usd_micros ?? undefined,
    purse: round.purse,
    limits: [],
    now: round.now,
  });
  if (decision.kind === 'budget') return decision;
  return decision.kind === 'wait' ? decision.obstacle : USED_UP;
}

interface OwnedRun extends Pick<Round, 'purse' | 'payer' | 'phase'> {
  readonly imagesPerHour: number | undefined;
}

/** Its owner may, and whoever lends a hand while nobody asks the run to stop; but nobody who was taken for dead. */
async function mayWork(
  trx: Trx,
  run: Pick<Selectable<Tables['runs']>, 'id' | 'worker_id' | 'asked'>,
  workerId: string,
): Promise<boolean> {
  const isOwner = run.worker_id === workerId;
  if (!isOwner && run.asked !== null) return false;
  const row = await trx
    .selectNoFrom((build) => [
      build
        .exists(
          build
            .selectFrom('workers')
            .select('id')
            .where('id', '=', workerId)
            .where('ended_at', 'is not', null),
        )
        .as('isEnded'),
      build
        .exists(
          build
            .selectFrom('run_hands')
            .select('run_id')
            .where('run_id', '=', run.id)
            .where('worker_id', '=', workerId),
        )
        .as('isHand'),
    ])
    .executeTakeFirstOrThrow();
  return !row.isEnded && (isOwner || Boolean(row.isHand));
}

async function ownedRun(
  context: StoreContext,
  trx: Trx,
  order: AdmitOrder,
): Promise<OwnedRun | 'fenced' | undefined> {
  const run = await trx
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', order.runId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (run === undefined) return undefined;
  if (!(await mayWork(trx, run, order.workerId))) return 'fenced';
  const { purses, imagesPerHour } = await readPayers(context, trx, run);
  return {
    phase: run.phase,
    payer: { workspace: run.workspace, key_id: run.key_id },
    imagesPerHour,
    purse: {
      postedCreditMicros: run.posted_credit_micros,
      heldCreditMicros: run.held_credit_micros,
      budgetCreditMicros: run.budget_credit_micros ?? undefined,
      usedUsdMicros: run.actual_usd_micros + run.held_usd_micros + run.written_off_usd_micros,
      maxUsdMicros: run.max_usd_micros ?? undefined,
      shared: purses,
    },
  };
}
