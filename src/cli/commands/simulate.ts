/** `imagemill simulate`: the vendors, played on this machine, to rehearse a run for nothing. */
import { once } from 'node:events';
import { z } from 'zod';
import { InputError, type Problem } from '../../engine/core/errors.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { plural, usdText } from '../amount-text.ts';
import { Screen } from '../screen.ts';

/** Pixels of blur: a few per cent of the detail are left. */
const FADED_BLUR = 2;

export interface SimulateFlags {
  readonly port?: string;
  readonly seed?: string;
  readonly latency?: string;
  readonly imagesPerMinute?: string;
  readonly slots?: string;
  readonly refuse?: string;
  readonly fade?: string;
  readonly fault?: readonly string[];
  readonly json?: boolean;
}

export async function simulate(flags: SimulateFlags): Promise<number> {
  const screen = Screen.ofProcess(flags.json === true);
  const { FAULTS } = await import('../../../simulators/behaviour.ts');
  const options = readFlags(flags, FAULTS);
  const simulators = await import('../../../simulators/simulate.ts');
  await using simulation = await simulators.simulate(options);
  screen.say('# The vendors are simulated on this machine. In another terminal:');
  for (const line of simulation.exportLines) screen.say(line);
  screen.say('# Servers of your own are named in imagemill.yaml, below `vendors:`:');
  for (const line of simulation.configLines) screen.say(`#${line}`);
  screen.say('# Then: imagemill run SHEET --yes     (Ctrl-C here ends the simulation)');
  screen.result({ environment: simulation.environment });
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  for (const name of simulators.SIMULATED_VENDORS) {
    const { bill } = simulation[name];
    screen.say(`# ${name} made ${plural(bill.images, 'image')} for ${usdText(bill.usdMicros)}`);
  }
  return EXIT_CODES.delivered;
}

type SimulateOptions = Parameters<
  (typeof import('../../../simulators/simulate.ts'))['simulate']
>[0];

/** @throws InputError with every flag that cannot be used */
export function readFlags(
  flags: SimulateFlags,
  faultNames: readonly string[],
): NonNullable<SimulateOptions> {
  const problems: Problem[] = [];
  const figure = (name: string, text: string | undefined, least: number, most: number) => {
    const value = z.coerce.number().int().min(least).max(most).safeParse(text);
    if (text === undefined || value.success) return value.data;
    problems.push({
      value: text,
      message: `--${name} is not a whole number that can be used`,
      remedy: `Write a whole number from ${least} to ${most}.`,
    });
    return undefined;
  };
  const port = figure('port', flags.port, 0, 65_500);
  const seed = figure('seed', flags.seed, 0, 4_294_967_295);
  const latencyMs = figure('latency', flags.latency, 0, 3_600_000);
  const imagesPerMinute = figure('images-per-minute', flags.imagesPerMinute, 1, 1_000_000);
  const slots = figure('slots', flags.slots, 1, 10_000);
  const fade = figure('fade', flags.fade, 0, 1_000_000);
  const faults = readFaults(flags.fault ?? [], faultNames, problems);
  if (Object.values(faults).reduce((sum, each) => sum + each, 0) > 1) {
    problems.push({
      value: (flags.fault ?? []).join(' '),
      message: 'The shares of all --fault together are above 1',
      remedy: 'A request has one fault at most: make the shares smaller.',
    });
  }
  const refusals = flags.refuse === undefined ? undefined : refusalsOf(flags.refuse, problems);
  if (problems.length > 0) throw new InputError(problems);
  const limits = {
    ...(imagesPerMinute !== undefined && { imagesPerMinute }),
    ...(slots !== undefined && { slots }),
  };
  return {
    ...(port !== undefined && { port }),
    ...(seed !== undefined && { seed }),
    ...(latencyMs !== undefined && { latencyMs }),
    limits,
    ...(refusals !== undefined && { refusals }),
    ...(fade !== undefined && { fade: { after: fade, blur: FADED_BLUR } }),
    faults,
  };
}

/** `0.05` is a share of the prompts, anything else a pattern. */
function refusalsOf(text: string, problems: Problem[]): { share: number } | { pattern: string } {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return { share };
  if (Number.isNaN(share) && isRegularExpression(text)) return { pattern: text };
  problems.push({
    value: text,
    message: '--refuse is neither a share nor a pattern',
    remedy: 'Write a share from 0 to 1, like 0.05, or words to look for, like "dragon|knight".',
  });
  return { share: 0 };
}

function isRegularExpression(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'iu'));
  } catch {
    return false;
  }
}

function readFaults(
  texts: readonly string[],
  names: readonly string[],
  problems: Problem[],
): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const text of texts) {
    const [name = '', shareText = ''] = text.split('=');
    const share = Number(shareText);
    if (names.includes(name) && shareText !== '' && share >= 0 && share <= 1) {
      faults[name] = share;
      continue;
    }
    problems.push({
      value: text,
      message: '--fault is not the name of a fault and its share',
      remedy: `Write NAME=SHARE, like status503=0.02; names are ${names.join(', ')}.`,
    });
  }
  return faults;
}
