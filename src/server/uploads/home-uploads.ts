/** Uploads as files of the home: the tus server's store of files, flushed, with its facts in our store. */
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import type { Uploads } from '../../engine/engine-types.ts';
import { EXTENSIONS, rowOf, tusUpload } from './upload-rows.ts';
import type { UploadLocker } from './upload-locker.ts';

export class HomeUploads extends FileStore {
  readonly #uploads: Uploads;
  readonly #locker: UploadLocker;

  /** `folder` is there already. */
  constructor(uploads: Uploads, locker: UploadLocker, folder: string) {
    super({
      directory: folder,
      configstore: {
        get: async (id) => tusUpload(await rowOf(uploads, id), 0),
        // The row is there before the file, and gone after it.
        set: async () => {},
        delete: async () => {},
      },
    });
    this.extensions = EXTENSIONS;
    this.#uploads = uploads;
    this.#locker = locker;
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const held = this.#locker.heldOf(id);
    let end = offset;
    const checked = async function* () {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        await held.check();
        end += chunk.length;
        yield chunk;
      }
    };
    await this.#uploads.writeAt(id, offset, checked());
    return end;
  }

  override async remove(id: string): Promise<void> {
    await this.#uploads.remove({ id });
  }
}
