/** `imagemill verify PATH…`: checks deliveries and exports by what lies in them, without the store. */
import { resolve } from 'node:path';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import type { Verification } from '../../engine/engine-types.ts';
import { countText, plural } from '../amount-text.ts';
import { catchInterrupts } from '../interrupts.ts';
import { viewOn } from '../progress-meter.ts';
import { Screen } from '../screen.ts';
import { VERIFY_PICTURE, type VerifyMoment } from '../verify-picture.ts';
import { verifyJson, verifyView } from '../verify-view.ts';

/** Sooner there is nothing to wait for. */
const QUIET_MS = 1_000;

export async function verify(
  paths: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  const screen = Screen.ofProcess(options.json === true);
  const engine = await import('../../engine/index.ts');
  const view = await viewOn(screen, VERIFY_PICTURE);
  using interrupts = catchInterrupts(() => view.hint('stopping'));
  const signal = interrupts.drain;
  const startedAt = Date.now();
  let [files, bytes] = [0, 0];
  const moment = (): VerifyMoment => ({ files, bytes, startedAt, now: Date.now() });
  const verifications: Verification[] = [];
  try {
    for (const path of paths) {
      const onFile = (fileBytes: number) => {
        files += 1;
        bytes += fileBytes;
        if (Date.now() - startedAt >= QUIET_MS) view.show(moment);
      };
      verifications.push(await engine.verify(resolve(path), { signal, onFile }));
    }
  } catch (error) {
    view.end();
    if (!signal.aborted || error !== signal.reason) throw error;
    screen.warn(`Stopped after ${plural(files, 'file')}.`);
    screen.result({ exit_code: EXIT_CODES.interrupted, reason: 'interrupted' });
    return EXIT_CODES.interrupted;
  }
  view.end();
  for (const verification of verifications) {
    for (const line of verifyView(verification, screen.colours)) screen.say(line);
  }
  const isSound = verifications.every((each) => engine.isSound(each));
  if (verifications.length > 1) {
    const bad = verifications.filter((each) => !engine.isSound(each)).length;
    screen.say(
      `${countText(verifications.length - bad)} of ${countText(verifications.length)} sound`,
    );
  }
  const exitCode = isSound ? EXIT_CODES.delivered : EXIT_CODES.differs;
  screen.result(verifyJson(verifications, exitCode));
  return exitCode;
}
