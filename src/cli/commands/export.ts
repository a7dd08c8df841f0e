/** `imagemill export RUN`: writes everything of a run again, from the store, for nothing. */
import { EXIT_CODES } from '../../engine/exit-code.ts';
import type { ExportResult } from '../../engine/engine-types.ts';
import { countText, plural } from '../amount-text.ts';
import { CountMeter } from '../count-meter.ts';
import { type ExportOptions, readExportRequest } from '../export-order.ts';
import { catchInterrupts } from '../interrupts.ts';
import type { Screen } from '../screen.ts';
import { type CommonOptions, openSession } from '../session.ts';

/** Lost images that are named to a person. */
const MOST_NAMED = 10;

export async function exportRun(
  id: string,
  options: CommonOptions & ExportOptions,
): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen, workingFolder } = session;
  const run = await engine.findRun(id);
  const request = readExportRequest(options, run, workingFolder);
  const { items } = await engine.report(run.id);
  using meter = await CountMeter.on(screen, items.delivered, 'images');
  using interrupts = catchInterrupts(() => meter.hint('stopping; nothing half is left behind'));
  const signal = interrupts.drain;
  try {
    const onItem = () => meter.count();
    const exported = await engine.export(run.id, request, { signal, onItem });
    meter[Symbol.dispose]();
    tell(screen, run.title, exported);
    const wrong = exported.lost + exported.unfinished;
    const exitCode = wrong > 0 ? EXIT_CODES.failed : EXIT_CODES.delivered;
    screen.result(exportJson(run.id, exported, exitCode));
    return exitCode;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    screen.warn('Stopped: nothing was exported. The same command starts again.');
    screen.result({ run: run.id, exit_code: EXIT_CODES.interrupted, reason: 'interrupted' });
    return EXIT_CODES.interrupted;
  }
}

function tell(screen: Screen, title: string, exported: ExportResult): void {
  const { colours } = screen;
  const { images, files, out, shards, unfinished, lost, lostImages } = exported;
  const parts = [
    plural(images, 'image'),
    ...(files === images ? [] : [`in ${plural(files, 'file')}`]),
    ...(shards === undefined ? [] : [`in ${plural(shards, 'shard')}`]),
  ];
  screen.say(`${parts.join(' ')} of ${title} written to ${out}`);
  if (unfinished > 0) {
    screen.warn(
      colours.yellow(
        `${plural(unfinished, 'image')} could not be finished so, and ${unfinished === 1 ? 'is' : 'are'} as the model made ${unfinished === 1 ? 'it' : 'them'}; results.csv says why.`,
      ),
    );
  }
  if (lost === 0) return;
  screen.warn(colours.red(`${plural(lost, 'image')} could not be read from the store:`));
  for (const { row, index, reason } of lostImages.slice(0, MOST_NAMED)) {
    screen.warn(`  row ${countText(row)}${index === 1 ? '' : ` image ${index}`}: ${reason}`);
  }
  if (lost > MOST_NAMED)
    screen.warn(`  … and ${countText(lost - MOST_NAMED)} more, in results.csv`);
}

function exportJson(run: string, exported: ExportResult, exitCode: number) {
  const { as, out, images, files, shards, unfinished, lost, lostImages } = exported;
  return {
    run,
    as,
    out,
    images,
    files,
    shards: shards ?? null,
    unfinished,
    lost,
    lost_images: lostImages,
    exit_code: exitCode,
  };
}
