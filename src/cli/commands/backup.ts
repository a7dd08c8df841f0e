/** `imagemill backup FOLDER`: a copy of the embedded store and its images, while others work in it. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { resolve } from 'node:path';
import { UsageError } from '../../engine/core/errors.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import type { BackupResult } from '../../engine/index.ts';
import { plural } from '../amount-text.ts';
import { bytesText } from '../bytes-text.ts';
import type { Environment } from '../environment.ts';
import { Screen } from '../screen.ts';
import { type CommonOptions, homeFolder } from '../session.ts';

export interface BackupOptions extends CommonOptions {
  /** Only reads what is there again. */
  readonly verify?: boolean;
  readonly copy?: boolean;
}

/** Missing images that are named to a person. */
const MOST_NAMED = 10;

export async function backupCommand(folder: string, options: BackupOptions): Promise<number> {
  const screen = Screen.ofProcess(options.json === true);
  const place = resolve(folder);
  if (options.verify === true) return verify(screen, place);
  checkStore(process.env);
  const { backupHome } = await import('../../engine/index.ts');
  const home = homeFolder(options.home, process.env, process.cwd());
  const result = await backupHome({
    home,
    folder: place,
    now: Date.now(),
    copiesOnly: options.copy === true,
  });
  const exitCode = result.missingImages.length > 0 ? EXIT_CODES.differs : EXIT_CODES.delivered;
  tell(screen, place, result);
  if (process.env['IMAGEMILL_S3_BUCKET']?.trim()) {
    screen.warn(
      `Images in the bucket ${process.env['IMAGEMILL_S3_BUCKET']} are not part of it: let the bucket keep versions, or copy it.`,
    );
  }
  screen.result({
    folder: place,
    home,
    made_at: isoTime(result.manifest.madeAt),
    files: result.manifest.files.length,
    images: result.images,
    bytes: result.bytes,
    new_bytes: result.newBytes,
    missing_images: result.missingImages,
    exit_code: exitCode,
  });
  return exitCode;
}

/** PostgreSQL has tools of its own that do this well. */
function checkStore(environment: Environment): void {
  if (!environment['DATABASE_URL']?.trim()) return;
  throw new UsageError(
    'The store is a PostgreSQL (DATABASE_URL is set), and has its own tools: run `pg_dump "$DATABASE_URL" --format=custom --file=imagemill.dump` first, and then copy the home folder, or the bucket, with the images. In that order every image that the dump names is there.',
  );
}

function tell(screen: Screen, folder: string, result: BackupResult): void {
  const { manifest, images, bytes, newBytes, missingImages } = result;
  const files = plural(manifest.files.length, 'file');
  screen.say(
    `${folder} has ${files}, ${plural(images, 'image')} among them: ${bytesText(bytes)}, of which ${bytesText(newBytes)} were written now.`,
  );
  screen.say(`Check it with: imagemill backup ${folder} --verify`);
  if (missingImages.length === 0) return;
  screen.warn(
    screen.colours.red(`${plural(missingImages.length, 'image')} of the store cannot be read:`),
  );
  for (const hash of missingImages.slice(0, MOST_NAMED)) screen.warn(`  ${hash}`);
}

async function verify(screen: Screen, folder: string): Promise<number> {
  const { verifyBackup } = await import('../../engine/index.ts');
  const { manifest, problems } = await verifyBackup(folder);
  const made = isoTime(manifest.madeAt);
  for (const problem of problems) screen.warn(screen.colours.red(problem));
  screen.say(
    problems.length === 0
      ? `Whole: ${plural(manifest.files.length, 'file')} as they were at ${made}.`
      : `${plural(problems.length, 'file')} of ${manifest.files.length} cannot be restored. Remove the damaged ones, and make a backup into this folder again: it takes from the home what it still has.`,
  );
  const exitCode = problems.length === 0 ? EXIT_CODES.delivered : EXIT_CODES.differs;
  screen.result({
    folder,
    made_at: made,
    files: manifest.files.length,
    problems,
    exit_code: exitCode,
  });
  return exitCode;
}
