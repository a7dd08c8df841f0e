/** `imagemill reconcile RUN`: the run's ledger beside what the vendors say that they billed. */
import type { Reconciliation } from '../../engine/core/reconciliation.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { reconcileJson } from '../reconcile-json.ts';
import { reconcileView } from '../reconcile-view.ts';
import { type CommonOptions, openSession } from '../session.ts';

export async function reconcile(id: string, options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const run = await engine.findRun(id);
  const reconciliation = await engine.reconcile(run.id);
  const vendors = engine.vendors();
  const titleOf = (name: string) => vendors.find((vendor) => vendor.name === name)?.title ?? name;
  const { colours, width } = screen;
  screen.say(`${colours.bold(run.title)} ${run.id}`);
  screen.say();
  const lines = reconcileView(reconciliation, titleOf, { colours, width, now: Date.now() });
  for (const line of lines) screen.say(line);
  const exitCode = reconcileExitCode(reconciliation);
  screen.result(reconcileJson(reconciliation, exitCode));
  return exitCode;
}

/** 0: all that could be compared agrees; 9: something differs; 8: a report could not be had. */
export function reconcileExitCode({ vendors }: Reconciliation): number {
  if (vendors.some(({ verdict }) => verdict === 'differs')) return EXIT_CODES.differs;
  if (vendors.some(({ report }) => report.kind === 'unavailable')) return EXIT_CODES.stopped;
  return EXIT_CODES.delivered;
}
