/** How a run stands, in rows, credits and minutes, and what to do next. Pure. */
import { join } from 'node:path';
import { MOST_ITEMS_BY_ITSELF } from '../engine/core/contact-page.ts';
import { formatMicros } from '../engine/core/credits.ts';
import { recipeOf } from '../engine/core/finishing.ts';
import { totalItems } from '../engine/core/outcome.ts';
import { formatRecipe } from '../engine/core/recipe.ts';
import type { RunReport } from '../engine/engine-types.ts';
import { EXIT_CODES } from '../engine/exit-code.ts';
import { amountText, plural, usdText } from './amount-text.ts';
import type { ViewOptions } from './plan-view.ts';
import { countsText, waitLines } from './progress-view.ts';
import { qualityLines } from './quality-view.ts';
import { durationText } from './time-text.ts';

/** Lines of the summary. `elapsedMs`: how long this process worked on it. */
export function reportView(
  report: RunReport,
  view: ViewOptions & { readonly elapsedMs?: number },
): string[] {
  const { colours } = view;
  const { run, items } = report;
  return [
    headline(report, view),
    `  ${plural(report.rows, 'row')}, ${plural(totalItems(items), 'image')}: ${countsText(items, colours)}`,
    `  ${moneyLine(report)}`,
    ...refusalLines(report).map((line) => `  ${colours.yellow(line)}`),
    ...riskLines(report).map((line) => `  ${colours.magenta(line)}`),
    ...finishLines(report).map((line) => `  ${colours.yellow(line)}`),
    ...qualityLines(report).map((line) => `  ${colours.yellow(line)}`),
    ...waitsOf(report, view).map((line) => `  ${colours.yellow(line)}`),
    ...proofLines(report).map((line) => `  ${line}`),
    ...recipeLines(report).map((line) => `  ${colours.dim('Recipe')}  ${line}`),
    `  ${colours.dim('Images')}  ${run.out}`,
    ...(items.delivered > 0
      ? [
          `  ${colours.dim('Sheet ')}  ${join(run.out, contactFile(report))}, results.csv, manifest.json`,
        ]
      : []),
    '',
    // Not wrapped: what is to be copied stays in one line.
    ...nextSteps(report),
  ];
}

/** The page is for eyes; a run that is too large for it has the picture by itself. */
function contactFile({ items }: RunReport): string {
  return totalItems(items) > MOST_ITEMS_BY_ITSELF ? 'contact-sheet.webp' : 'contact-sheet.html';
}

function headline(report: RunReport, view: ViewOptions & { readonly elapsedMs?: number }): string {
  const { colours } = view;
  const { run } = report;
  const took = view.elapsedMs === undefined ? '' : ` in ${durationText(view.elapsedMs)}`;
  // A vendor's words may end with a full stop.
  const words = `${stateWords(report).replace(/\.$/, '')}${took}`;
  const code = report.exitCode;
  const mark =
    run.state === 'running'
      ? colours.cyan('●')
      : code === EXIT_CODES.delivered
        ? colours.green('✔')
        : colours.yellow('●');
  return `${mark} ${colours.bold(run.title)} ${colours.dim(run.id)}  ${words}`;
}

/** The run's state as a person says it. */
export function stateWords(report: Pick<RunReport, 'run' | 'items'>): string {
  const { run, items } = report;
  const why = run.reasonText === undefined ? '' : `: ${run.reasonText}`;
  switch (run.state) {
    case 'planned':
      return 'planned';
    case 'running':
      return 'running';
    case 'awaiting_approval':
      return run.settings.spendingAllowed
        ? 'waits for your approval'
        : 'waits for your word before it spends';
    case 'paused':
      return `paused${why}`;
    case 'stopped':
      return run.reason === 'budget' ? 'stopped by the budget' : stoppedWords(run.reason) + why;
    case 'done':
      return items.delivered === totalItems(items) ? 'done' : 'done, but not all delivered';
    case 'cancelled':
      return 'cancelled';
    default:
      return run.state satisfies never;
  }
}

function stoppedWords(reason: RunReport['run']['reason']): string {
  if (reason === 'interrupted') return 'interrupted';
  if (reason === 'vendor') return 'stopped by a vendor';
  return reason === 'storage' ? 'stopped by the disk' : 'stopped';
}

function moneyLine({ run, estimatedUsdMicros }: RunReport): string {
  const isFree = run.postedCreditMicros === 0 && run.actualUsdMicros === 0;
  if (isFree && run.heldCreditMicros === 0 && estimatedUsdMicros === 0) return 'It cost nothing';
  const held = run.heldCreditMicros > 0 ? `, ${formatMicros(run.heldCreditMicros)} held` : '';
  const estimated =
    estimatedUsdMicros === undefined ? '' : ` of ${usdText(estimatedUsdMicros)} estimated`;
  const writtenOff =
    run.writtenOffUsdMicros > 0 ? `, ${usdText(run.writtenOffUsdMicros)} written off` : '';
  return `${formatMicros(run.postedCreditMicros)} credits spent${held}; ${usdText(run.actualUsdMicros)} billed${estimated}${writtenOff}`;
}

/** `Refused: 3 for violence (output), 2 unspecified (input)`. */
function refusalLines({ refusals }: RunReport): string[] {
  if (refusals.length === 0) return [];
  const kinds = refusals.map(({ category, stage, items }) => {
    const what = category === 'unspecified' ? category : `for ${category}`;
    return `${items} ${what}${stage === undefined ? '' : ` (${stage})`}`;
  });
  return [`Refused: ${kinds.join(', ')}`];
}

function recipeLines({ run }: RunReport): string[] {
  const recipe = recipeOf(run.settings);
  return recipe === undefined ? [] : [formatRecipe(recipe)];
}

function finishLines({ finishFailures }: RunReport): string[] {
  if (finishFailures === 0) return [];
  return [
    `Not finished: ${plural(finishFailures, 'image')}, delivered as made; results.csv says why (finish_failure)`,
  ];
}

function riskLines({ atRisk, items }: RunReport): string[] {
  if (items.unknown === 0) return [];
  return [
    `At risk: ${amountText(atRisk)} of ${plural(atRisk.requests, 'request')} that nobody can tell the end of`,
  ];
}

function waitsOf({ run, items, waits, bundles }: RunReport, { now }: ViewOptions): string[] {
  const { postedCreditMicros, heldCreditMicros } = run;
  // A batch goes on at the vendor though no process works on its run.
  if (run.state !== 'running' && bundles.length > 0) {
    const progress = { items, postedCreditMicros, heldCreditMicros, waits: {}, bundles, now };
    return waitLines({ progress });
  }
  if (items.waiting + items.sent === 0 || run.state !== 'running') return [];
  return waitLines({
    progress: { items, postedCreditMicros, heldCreditMicros, waits, bundles, now },
  });
}

function proofLines({ run, proof }: RunReport): string[] {
  // Before spending was agreed to, there is nothing that a proof could have shown.
  const hasBegun = proof !== undefined && run.settings.spendingAllowed;
  if (!hasBegun || run.state !== 'awaiting_approval') return [];
  const { items, spent, likelyRest, atMostRest } = proof;
  return [
    `Proof: ${plural(items.delivered, 'image')} delivered, ${items.refused} refused, ${items.failed} failed, for ${amountText(spent)}`,
    `The rest will likely cost ${amountText(likelyRest)}, at most ${amountText(atMostRest)}`,
  ];
}

/** What to do now, the most useful first. */
export function nextSteps(report: RunReport): string[] {
  const { run, items } = report;
  const id = run.id;
  const steps: string[] = [];
  const owner = report.owner;
  if (run.state === 'running' && owner?.alive) {
    return [`Process ${owner.pid} on ${owner.host} works on it. Watch: imagemill resume ${id}`];
  }
  if (run.state === 'awaiting_approval' && !run.settings.spendingAllowed) {
    return [`Nothing was spent. Go on: imagemill approve ${id} (or run with --yes)`];
  }
  if (run.state === 'awaiting_approval') {
    return [`Look at the images in ${run.out}, then make the rest: imagemill approve ${id}`];
  }
  if (run.reason === 'budget' && run.state === 'stopped') {
    const budget =
      run.budgetCreditMicros === undefined
        ? ''
        : ` (it is ${formatMicros(run.budgetCreditMicros)} now)`;
    steps.push(
      run.maxUsdMicros === undefined || run.budgetCreditMicros !== undefined
        ? `Raise the budget and go on${budget}: imagemill resume ${id} --budget CREDITS`
        : `Raise the bound and go on: imagemill resume ${id} --max-usd AMOUNT`,
    );
  } else if (['paused', 'stopped', 'running', 'planned'].includes(run.state)) {
    steps.push(`Go on: imagemill resume ${id}`);
  }
  if (items.unknown > 0) {
    steps.push(
      `Buy the unknown ones again (they may be paid twice): imagemill retry ${id} --unknown`,
    );
  }
  if (items.failed > 0) steps.push(`Try the failed ones again: imagemill retry ${id} --failed`);
  if (items.refused > 0) {
    steps.push(
      `${plural(items.refused, 'image was', 'images were')} refused; read why: imagemill items ${id} --state refused. Change the prompts in the sheet and run it again, or: imagemill retry ${id} --refused --rewrite "…" (or --model NAME)`,
    );
  }
  if (run.state === 'cancelled')
    steps.push(`Take it up again: imagemill run ${run.sheet} --out ${run.out}`);
  if (steps.length === 0) {
    steps.push(`Edit the sheet and run it again: only new and changed rows are paid for.`);
  }
  return steps;
}
