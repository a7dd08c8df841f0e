/** Copies that say what they are; their pixels are those of the source, byte for byte. */
import type { Finisher } from '../core/finisher.ts';
import type { MarkTask } from '../core/job.ts';
import { formatName, mediaTypeOf } from '../core/media-type.ts';
import { VERSION } from '../version.ts';
import { FILES_REPORT } from './job-report-sheet.ts';
import type { JobWork } from './job-work.ts';

/** What marks can be written into without touching a pixel. */
const MARKABLE: readonly (string | undefined)[] = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/avif',
];

export function markWork(finisher: Pick<Finisher, 'finish'>, task: MarkTask): JobWork {
  const generator = `Imagemill ${VERSION}`;
  return {
    perform: async ({ bytes, marks: known }) => {
      const type = mediaTypeOf(bytes);
      if (type !== undefined && !MARKABLE.includes(type)) {
        return {
          kind: 'failed',
          reason: `It is ${formatName(type)}, which cannot be marked. Convert it to PNG, JPEG, WebP or AVIF first.`,
        };
      }
      const finished = await finisher.finish(bytes, {
        marks: {
          kind: 'write',
          marks: { generator, source: 'trainedAlgorithmicMedia', ...known, ...task.marks },
          overrides: true,
          ...(task.withoutPrompt && { withoutPrompts: true }),
        },
      });
      if (finished.kind === 'unusable') return { kind: 'failed', reason: finished.reason };
      if (finished.files.some(({ marked }) => !marked)) {
        return {
          kind: 'failed',
          reason:
            'It is signed by its maker (content credentials), and any mark would break the signature. See what it says: imagemill tools inspect FILE.',
        };
      }
      return { kind: 'done', files: finished.files };
    },
    report: FILES_REPORT,
  };
}
