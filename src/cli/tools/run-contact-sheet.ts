/** `imagemill tools contact-sheet SOURCE…`: the contact sheet of runs and folders, as a picture and a page. */
import { createLogUpdate } from 'log-update';
import { join } from 'node:path';
import { InputError, type Problem } from '../../engine/core/errors.ts';
import { countText, plural } from '../amount-text.ts';
import type { Screen } from '../screen.ts';
import { type CommonOptions, openSession } from '../session.ts';

export interface ContactSheetOptions extends CommonOptions {
  readonly out?: string;
  readonly tile?: string;
  readonly max?: string;
}

/** A tile of less shows nothing; of more, 200 of them would be no picture any more that opens everywhere. */
const TILE = { least: 96, most: 640 };
/** More often nobody can read it. */
const EVERY_MS = 100;

export async function runContactSheet(
  sources: readonly string[],
  options: ContactSheetOptions,
): Promise<number> {
  const problems: Problem[] = [];
  const tile = wholeNumber('--tile', options.tile, [TILE.least, TILE.most], problems);
  const most = wholeNumber('--max', options.max, [1, Number.MAX_SAFE_INTEGER], problems);
  if (problems.length > 0) throw new InputError(problems);
  await using session = await openSession(options);
  const { engine, screen, workingFolder } = session;
  const counter = counterOn(screen);
  const made = await engine.tools
    .contactSheet({
      sources,
      workingFolder,
      ...(options.out !== undefined && { out: options.out }),
      ...(tile !== undefined && { tile }),
      ...(most !== undefined && { most }),
      onImage: (images) => counter.show(images),
    })
    .finally(() => counter.end());
  const { out, page, picture, images, pictures, thumbnails } = made;
  const without = images - pictures;
  const rest = without === 0 ? '' : `; ${countText(without)} without a picture say why`;
  screen.say(`${screen.colours.green('✔')} ${plural(images, 'image')}${rest}`);
  screen.say(`  Page     ${join(out, page)}`);
  if (picture !== undefined) screen.say(`  Picture  ${join(out, picture)}`);
  screen.result({ out, page, picture: picture ?? null, images, pictures, thumbnails });
  return 0;
}

/** How far it has come, on a terminal. */
function counterOn(screen: Screen): { show(images: number): void; end(): void } {
  if (!screen.isLive) return { show: () => {}, end: () => {} };
  const draw = createLogUpdate(process.stderr);
  let dueAt = 0;
  return {
    show: (images) => {
      if (performance.now() < dueAt) return;
      dueAt = performance.now() + EVERY_MS;
      draw(`${countText(images)} images`);
    },
    end: () => draw.clear(),
  };
}

function wholeNumber(
  option: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
  problems: Problem[],
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text.trim()) && number >= least && number <= most) return number;
  const range =
    most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  problems.push({
    value: text,
    message: `${option} is not a whole number that can be used`,
    remedy: `Write one ${range}.`,
  });
  return undefined;
}
