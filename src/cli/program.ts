/** Commands and their options. */
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../engine/core/errors.ts';
import { EXIT_CODES } from '../engine/exit-code.ts';
import { VERSION } from '../engine/version.ts';
import {
  CONFIGURATION_HELP,
  EXAMPLES,
  PLAN_EXAMPLES,
  RUN_EXAMPLES,
  TOP_HELP,
} from './help-texts.ts';
import { EXPORT_CHANGES } from './export-order.ts';
import { CHANGEABLE, type RawValues, variableOf } from './options.ts';
import { RUN_OPTIONS } from './run-options.ts';
import { Screen } from './screen.ts';
import { fitLines } from './fit-lines.ts';
import { tellError } from './tell-error.ts';
import { addAccounts } from './accounts-program.ts';
import { addCredits } from './credits-program.ts';
import { addService } from './service-program.ts';
import { addTools } from './tools-program.ts';

type Run = (options: RawValues, ...operands: string[]) => Promise<number>;

/** Longer lines are hard to read. */
const HELP_COLUMNS = 100;

/** Who finishes pictures did not think of spending. */
const SPENDS_NOTHING = ['tools', 'export', 'verify', 'serve', 'workers', 'backup', 'restore'];

/** Runs one command; answers the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODES.delivered;
  const program = createProgram((code) => {
    exitCode = code;
  });
  // A reader that has left (`| head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCode);
    throw error;
  });
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return toldError(error, words);
  }
}

function toldError(error: unknown, words: readonly string[]): number {
  const screen = Screen.ofProcess(words.includes('--json'));
  const reassurance = SPENDS_NOTHING.includes(words[0] ?? '') ? undefined : 'nothing was spent';
  // Help and version come as errors with code 0; the other ones have told themselves already.
  if (!(error instanceof CommanderError)) return tellError(error, screen, process.env, reassurance);
  if (error.exitCode === 0) return EXIT_CODES.delivered;
  screen.result({ error: error.message.replace(/^error: /, ''), problems: [] });
  return EXIT_CODES.usage;
}

/** `end` is told the exit code of the command that ran. */
function createProgram(end: (code: number) => void): Command {
  const columns = process.stdout.columns ?? Infinity;
  const program = new Command('imagemill')
    .description('A sheet of prompts in, finished images out.')
    .version(VERSION, '-V, --version')
    .configureHelp({
      sortSubcommands: false,
      helpWidth: Math.min(columns, HELP_COLUMNS),
      minWidthToWrap: 20,
    })
    // The examples are written out in lines, which a narrow terminal would break within words.
    .configureOutput({ writeOut: (text) => process.stdout.write(fitLines(text, columns)) })
    .showSuggestionAfterError()
    .showHelpAfterError('(imagemill help shows what there is)')
    .helpCommand(
      'help [command]',
      'help of a command; help configuration: config file, environment',
    )
    .exitOverride()
    .addHelpText('after', TOP_HELP);
  const add = (words: string, description: string, examples: string | undefined, run: Run) => {
    const command = program
      .command(words)
      .description(description)
      .addHelpText('after', examples ?? '')
      .action(async (...all: unknown[]) => {
        // Commander gives operands, options, and the command itself.
        const operands = all.slice(0, -2) as string[];
        end(await run(command.opts(), ...operands));
      });
    return command;
  };
  addRunning(add);
  addDeciding(add);
  addLooking(add);
  addReferences(program, end);
  addService(add, withCommon);
  addAccounts(program, end, withCommon);
  addCredits(program, end, withCommon);
  addTools(program, end);
  program
    .command('configuration', { hidden: true })
    .helpOption(false)
    .configureHelp({ formatHelp: () => CONFIGURATION_HELP })
    .action(() => {
      process.stdout.write(CONFIGURATION_HELP);
    });
  return program;
}

type Add = (words: string, description: string, examples: string | undefined, run: Run) => Command;

function addRunning(add: Add): void {
  withRunOptions(
    add('run <sheet>', 'make the images of a sheet', RUN_EXAMPLES, async (options, sheet = '') =>
      (await import('./commands/run.ts')).run(sheet, options),
    ),
  );
  withRunOptions(
    add(
      'plan <sheet>',
      'show what a run would do and cost',
      PLAN_EXAMPLES,
      async (options, sheet = '') => (await import('./commands/plan.ts')).plan(sheet, options),
    ),
  );
  withChanges(
    add('resume [run]', 'go on with a run', EXAMPLES['resume'], async (options, id) =>
      (await import('./commands/resume.ts')).resume(id, options),
    ),
  );
}

function addDeciding(add: Add): void {
  withChanges(
    add(
      'approve <run>',
      'say yes to spending, or to the rest after a proof',
      EXAMPLES['approve'],
      async (options, id = '') => (await import('./commands/approve.ts')).approve(id, options),
    ),
  );
  withCommon(
    add('pause [run]', 'stop a run for now', EXAMPLES['pause'], async (options, id) =>
      (await import('./commands/pause.ts')).pause(id, options),
    ),
  );
  withCommon(
    add(
      'cancel [run]',
      'stop a run and send nothing more',
      EXAMPLES['cancel'],
      async (options, id) => (await import('./commands/pause.ts')).cancel(id, options),
    ),
  );
  withChanges(
    add('retry <run>', 'make again what ended badly', EXAMPLES['retry'], async (options, id = '') =>
      (await import('./commands/retry.ts')).retry(id, options),
    )
      .option('--failed', 'blank, broken, wrong-sized or missing images')
      .option('--refused', "what a vendor's policy refused")
      .option('--unknown', 'what nobody can tell the end of; it may be billed twice')
      .option(
        '--rewrite <TEXT>',
        'the new prompt, live: {prompt}, {name}, {row} and {COLUMN} stand for what the row has',
      )
      .option('--model <NAME>', 'with another model, live')
      .option('--yes', 'do not ask before spending'),
  );
}

function addLooking(add: Add): void {
  withCommon(
    add('status [run]', 'how a run stands', EXAMPLES['status'], async (options, id) =>
      (await import('./commands/status.ts')).status(id, options),
    ),
  );
  withCommon(
    add(
      'items <run>',
      'the images of a run, one by one',
      EXAMPLES['items'],
      async (options, id = '') => (await import('./commands/items.ts')).items(id, options),
    )
      .option('--state <STATE,…>', 'only those: delivered, refused, failed, unknown, …')
      .option('--review <WORD>', 'only those: kept, rejected, starred, noted, undecided'),
  );
  withCommon(
    add('list', 'all runs', EXAMPLES['list'], async (options) =>
      (await import('./commands/list.ts')).list(options),
    ),
  );
  addExport(add);
  withCommon(
    add(
      'reconcile <run>',
      "compare a run's ledger with what the vendors say they billed",
      EXAMPLES['reconcile'],
      async (options, id = '') => (await import('./commands/reconcile.ts')).reconcile(id, options),
    ),
  );
  withCommon(
    add(
      'models [name]',
      'the models, what they can do and cost; or one in full',
      EXAMPLES['models'],
      async (options, name) => (await import('./commands/models.ts')).models(name, options),
    )
      .option('--size <WxH>', 'price of this size')
      .option('--quality <low|medium|high>', 'and of this quality'),
  );
  withCommon(
    add('doctor', 'check keys, folders, disk and limits', EXAMPLES['doctor'], async (options) =>
      (await import('./commands/doctor.ts')).doctor(options),
    )
      .option('--bundle <FILE.zip>', 'write a support file without secrets and prompts')
      .option('--log <FILE>', "with --bundle: the server's log, where it was written to a file")
      .option('--prompts', 'with --bundle: prompts, titles and paths of sheets as well'),
  );
  add(
    'simulate',
    'play the vendors on this machine, to rehearse for nothing',
    EXAMPLES['simulate'],
    async (options) => (await import('./commands/simulate.ts')).simulate(options),
  )
    .option('--port <N>', "OpenAI's port, the other vendors take the next ones; default: free ones")
    .option('--seed <N>', 'what decides faults and refusals; default 1')
    .option('--latency <MS>', 'time to make an image')
    .option('--images-per-minute <N>', 'limit of each vendor')
    .option('--slots <N>', 'most tasks at a time')
    .option('--refuse <SHARE|PATTERN>', 'share of prompts that are refused, or which')
    .option('--fade <IMAGES>', 'models lose detail after so many images in a row')
    .option('--fault <NAME=SHARE>', 'what goes wrong, and how often; may be repeated', repeated)
    .option('--json', 'print one JSON object as the last line of stdout');
}

function addExport(add: Add): void {
  const command = add(
    'export <run>',
    'write everything of a run again: a folder, a ZIP archive, or a data set',
    EXAMPLES['export'],
    async (options, id = '') => (await import('./commands/export.ts')).exportRun(id, options),
  )
    .option('--as <folder|zip|webdataset>', 'default: folder; webdataset: tar shards and an index')
    .option('--out <PATH>', "where to; default: the run's own folder, or a new name beside it")
    .option('--shard-size <SIZE>', 'most bytes of a shard; default 1GB')
    .option('--shard-samples <N>', 'most samples of a shard; default 10000');
  for (const name of EXPORT_CHANGES) command.addOption(commanderOption(name));
  withCommon(command);
  add(
    'verify <path...>',
    'check a delivery or an export: nothing missing, changed or cut short',
    EXAMPLES['verify'],
    // Any number of operands come as one list.
    async (options, ...paths) =>
      (await import('./commands/verify.ts')).verify(paths.flat(), options),
  ).option('--json', 'print one JSON object as the last line of stdout, nothing else there');
}

/** `imagemill reference add|list|remove`. */
function addReferences(program: Command, end: (code: number) => void): void {
  const reference = program
    .command('reference')
    .description('pictures that sheets know by name: @hero')
    .addHelpText('after', EXAMPLES['reference'] ?? '');
  const commands = async () => import('./commands/reference.ts');
  withCommon(
    reference
      .command('add <name=picture...>')
      .description('keep files or web addresses under names'),
  ).action(async (pairs: string[], options: RawValues) => {
    end(await (await commands()).add(pairs, options));
  });
  withCommon(reference.command('list').description('all names and their pictures')).action(
    async (options: RawValues) => {
      end(await (await commands()).list(options));
    },
  );
  withCommon(reference.command('remove <name...>').description('forget names')).action(
    async (names: string[], options: RawValues) => {
      end(await (await commands()).remove(names, options));
    },
  );
}

function withCommon(command: Command): Command {
  return command
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder');
}

function withRunOptions(command: Command): Command {
  for (const option of RUN_OPTIONS) command.addOption(commanderOption(option.name));
  return withCommon(command);
}

function withChanges(command: Command): Command {
  for (const name of CHANGEABLE) command.addOption(commanderOption(name));
  return withCommon(command);
}

function commanderOption(name: string): Option {
  const option = RUN_OPTIONS.find((each) => each.name === name);
  if (option === undefined)
    throw new UsageError(`There is no option ${name}; see ${variableOf(name)}.`);
  const { argument, help, repeatable } = option;
  const flags = argument === undefined ? `--${name}` : `--${name} <${argument}>`;
  const made = new Option(flags, help);
  return repeatable ? made.argParser(repeated) : made;
}

function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
