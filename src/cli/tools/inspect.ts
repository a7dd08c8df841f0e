/** `imagemill tools inspect FILE…`: all that pictures say of themselves. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { FileInspection } from '../../engine/core/file-report.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { printable } from '../printable-text.ts';
import { Screen } from '../screen.ts';
import { type CommonOptions, homeFolder, openSession } from '../session.ts';
import { trustAnchors } from '../trust-anchors.ts';
import { inspectJson } from './inspect-json.ts';
import { inspectView } from './inspect-view.ts';

interface InspectCommandOptions extends CommonOptions {
  readonly trust?: string;
}

const EXAMPLES = `
Tells format, size, colours, whether it decodes whole, our own marks (run, row, model, prompt, seed), XMP,
IPTC, EXIF, texts of generators, GPS, and content credentials (C2PA) with their state and signer. Nobody is
asked over the network. The file is not changed.

Exit codes: 0 fine; 5 a file cannot be read, is no picture or does not decode; 9 content credentials do not hold.

Examples:
  imagemill tools inspect photo.webp
  imagemill tools inspect out/*.png --json
  imagemill tools inspect signed.jpg --trust authority.pem
`;

export function addInspect(tools: Command, end: (code: number) => void): void {
  const command = tools
    .command('inspect <files...>')
    .description('print all that pictures say of themselves')
    .option(
      '--trust <FILE>',
      'certificates (PEM) of those whose content credentials are trusted; default: credentials.trust of the config file',
    )
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[]) => {
      end(await inspect(files, command.opts()));
    });
}

/** Looks at one after the other; a file that cannot be read does not keep it from the next. */
export async function inspect(
  files: readonly string[],
  options: InspectCommandOptions,
): Promise<number> {
  const screen = Screen.ofProcess(options.json === true);
  const trusted = await trustAnchors(options.trust, options);
  await using looking = await openLooking(options);
  const found: { readonly file: string; readonly inspection: FileInspection }[] = [];
  for (const file of files) {
    const path = resolve(process.cwd(), file);
    const inspection = await looking.inspect(
      path,
      trusted === undefined ? {} : { trustAnchors: trusted },
    );
    // Told at once, so that many files are not kept in mind.
    tell(screen, file, inspection, found.length > 0);
    found.push({ file, inspection });
  }
  const exitCode = inspectExitCode(found.map(({ inspection }) => inspection));
  screen.result(inspectJson(found, exitCode));
  return exitCode;
}

/** 5: a file cannot be read or does not decode; 9: credentials are broken. */
export function inspectExitCode(inspections: readonly FileInspection[]): number {
  const isUnread = inspections.some(
    (each) => each.kind === 'unusable' || each.report.decoding.kind === 'broken',
  );
  if (isUnread) return EXIT_CODES.failed;
  const isBroken = inspections.some(
    (each) => each.kind === 'picture' && each.report.credentials.kind === 'broken',
  );
  return isBroken ? EXIT_CODES.differs : EXIT_CODES.delivered;
}

function tell(screen: Screen, file: string, inspection: FileInspection, isFurther: boolean): void {
  const { colours } = screen;
  if (inspection.kind === 'unusable') {
    screen.warn(`${colours.red(printable(file))}: ${printable(inspection.reason)}`);
    return;
  }
  if (isFurther) screen.say();
  screen.say(colours.bold(printable(file)));
  for (const line of inspectView(inspection.report, colours)) screen.say(line);
}

interface Looking extends AsyncDisposable {
  readonly inspect: typeof import('../../engine/index.ts').inspectPath;
}

/** With what the store knows, where there is one: looking at a file makes none. */
async function openLooking(options: InspectCommandOptions): Promise<Looking> {
  const home = homeFolder(options.home, process.env, process.cwd());
  const hasStore = existsSync(join(home, 'imagemill.db')) || process.env['DATABASE_URL'];
  if (!hasStore) {
    const { inspectPath } = await import('../../engine/index.ts');
    return { inspect: inspectPath, [Symbol.asyncDispose]: async () => {} };
  }
  const { engine } = await openSession(options);
  return {
    inspect: (path, trust) => engine.tools.inspect(path, trust),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
