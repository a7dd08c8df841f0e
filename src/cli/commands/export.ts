/** `imagemill export RUN [--out F]`: writes everything of a run again, from the store, for nothing. */
import { resolve } from 'node:path';
import { plural } from '../amount-text.ts';
import { type CommonOptions, openSession } from '../session.ts';

export async function exportRun(
  id: string,
  options: CommonOptions & { readonly out?: string },
): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen, workingFolder } = session;
  const run = await engine.findRun(id);
  const folder = options.out === undefined ? run.out : resolve(workingFolder, options.out);
  const { files } = await engine.export(run.id, folder);
  screen.say(`${plural(files, 'image')} of ${run.title} written to ${folder}`);
  screen.result({ run: run.id, files, out: folder });
  return 0;
}
