/**
 * The admission of one request, as pure arithmetic on what the store read in its transaction: room in
 * every limit and in the purse, or: wait for what and until when, or: the budget does not reach.
 */
import type {
  AdmissionDecision,
  AdmissionQuestion,
  LimitUse,
  Obstacle,
  Purse,
  SharedPurse,
} from '../core/admission.ts';
import { formatMicros, formatUsd } from '../core/credits.ts';
import { nextFitAt } from './rolling-window.ts';

export async function decideAdmission(question: AdmissionQuestion): Promise<AdmissionDecision> {
  const short = shortOfMoney(question);
  if (short !== undefined) return { kind: 'budget', reason: short, of: 'run' };
  const shared = await shortOfShared(question);
  if (shared !== undefined) return shared;
  const most = mostImages(question);
  if (most < question.images) return { kind: 'split', images: most };
  let latest: Obstacle | undefined;
  for (const use of question.limits) {
    const obstacle = await obstacleOf(use, question);
    if (obstacle !== undefined) latest = later(latest, obstacle);
  }
  return latest === undefined ? { kind: 'grant' } : { kind: 'wait', obstacle: latest };
}

async function obstacleOf(
  use: LimitUse,
  question: AdmissionQuestion,
): Promise<Obstacle | undefined> {
  const full = await fullness(use, question);
  if (use.blockedUntil <= question.now) return full;
  const reason = `${use.limit.name}: the vendor asked to wait`;
  const pause = { limit: use.limit.key, reason, until: use.blockedUntil };
  return full === undefined ? pause : later(full, pause);
}

async function fullness(
  { limit, max, ...use }: LimitUse,
  question: AdmissionQuestion,
): Promise<Obstacle | undefined> {
  if (max === undefined) return undefined;
  const units = limit.unit === 'images' ? question.images : 1;
  if (use.used + units <= max) return undefined;
  const reason = `${limit.name}: ${use.used} of ${max} used`;
  const until = nextFitAt(await use.returns(), { used: use.used, max, units });
  return {
    limit: limit.key,
    reason,
    ...(until !== undefined && { until }),
    ...(limit.kind === 'slots' && { endsEarly: true }),
  };
}

/** The most images that every limit could ever let through in one request (at least 1). */
function mostImages(question: AdmissionQuestion): number {
  const maxima = question.limits
    .filter((use) => use.limit.unit === 'images')
    .map((use) => use.max ?? question.images);
  return Math.max(1, Math.min(question.images, ...maxima));
}

/** The obstacle that lasts longest; one without an end lasts longest of all. */
function later(a: Obstacle | undefined, b: Obstacle): Obstacle {
  if (a === undefined) return b;
  if (a.until === undefined) return a;
  return b.until === undefined || b.until > a.until ? b : a;
}

function shortOfMoney({
  purse,
  creditMicros,
  usdMicros,
}: Pick<AdmissionQuestion, 'purse' | 'creditMicros' | 'usdMicros'>): string | undefined {
  return shortOfCredits(purse, creditMicros) ?? shortOfDollars(purse, usdMicros);
}

function shortOfCredits(purse: Purse, creditMicros: number): string | undefined {
  if (purse.budgetCreditMicros === undefined) return undefined;
  const used = purse.postedCreditMicros + purse.heldCreditMicros;
  if (used + creditMicros <= purse.budgetCreditMicros) return undefined;
  return `budget of ${formatMicros(purse.budgetCreditMicros)} credits: ${formatMicros(used)} used, the next request needs ${formatMicros(creditMicros)}`;
}

function shortOfDollars(purse: Purse, usdMicros: number | undefined): string | undefined {
  if (purse.maxUsdMicros === undefined) return undefined;
  // A price that nobody knows may be anything: under a dollar cap nothing else may be in flight.
  const needed = usdMicros ?? 0;
  if (
    purse.usedUsdMicros + needed <= purse.maxUsdMicros &&
    (usdMicros !== undefined || purse.usedUsdMicros < purse.maxUsdMicros)
  ) {
    return undefined;
  }
  return `cap of ${formatUsd(purse.maxUsdMicros)}: ${formatUsd(purse.usedUsdMicros)} used, the next request may cost ${usdMicros === undefined ? 'an unknown amount' : formatUsd(usdMicros)}`;
}

/** How soon a run asks again whether another one has given credits back. */
const ASK_AGAIN_MS = 2_000;

/** What is being made for other runs may be refused or fail: that is waited for. What is spent is gone. */
async function shortOfShared({
  purse: { shared = [] },
  creditMicros,
  now,
}: AdmissionQuestion): Promise<AdmissionDecision | undefined> {
  let wait: AdmissionDecision | undefined;
  for (const purse of shared) {
    if (purse.closed !== undefined) return { kind: 'budget', reason: purse.closed, of: purse.kind };
    if (purse.availableCreditMicros >= creditMicros) continue;
    const words = sharedWords(purse, creditMicros);
    const comingMicros = await purse.comingBackCreditMicros();
    if (purse.availableCreditMicros + comingMicros < creditMicros) {
      return { kind: 'budget', reason: words, of: purse.kind };
    }
    const reason = `${words}; what is being made for other runs holds ${formatMicros(comingMicros)}`;
    const until = now + ASK_AGAIN_MS;
    wait = { kind: 'wait', obstacle: { limit: 'credits', reason, until, endsEarly: true } };
  }
  return wait;
}

function sharedWords({ name, availableCreditMicros }: SharedPurse, creditMicros: number): string {
  return `${name}: ${formatMicros(availableCreditMicros)} credits left, the next request needs ${formatMicros(creditMicros)}`;
}
