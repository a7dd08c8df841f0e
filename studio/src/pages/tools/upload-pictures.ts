/** The pictures of a job, as uploads that go on where a line has broken. */
import { forgetUpload, resumableUpload } from '../../live/resumable-upload.ts';

/** More at once share the same line. */
const AT_ONCE = 3;

/** Their ids, in the order of the files. `onShare`: of all bytes, from 0 to 1. */
export async function uploadPictures(
  files: readonly File[],
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const gone = files.map(() => 0);
  const ids: string[] = [];
  const places = files.entries();
  const work = async () => {
    for (const [place, file] of places) {
      const onSent = (bytes: number) => {
        gone[place] = bytes;
        onShare(gone.reduce((sum, each) => sum + each, 0) / total);
      };
      ids[place] = await resumableUpload(file, { purpose: 'pictures', onSent, signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ids;
}

/** The job has them now. */
export function forgetPictures(files: readonly File[]): void {
  for (const file of files) forgetUpload(file, 'pictures');
}
