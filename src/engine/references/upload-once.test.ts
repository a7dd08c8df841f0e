import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteHome } from '../../../test/support/stores.ts';
import {
  paysToUpload,
  uploadOnce,
  type UploadOrder,
  WORTH_UPLOADING_BYTES,
} from './upload-once.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;

/** A vendor that gives `file-1`, `file-2` …, and a store that remembers them. */
async function world(expiresAfterMs?: number) {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  let uploads = 0;
  return {
    uploads: () => uploads,
    ask: (change: Partial<UploadOrder> = {}) => {
      const now = change.now ?? NOW;
      return uploadOnce(store, {
        account: 'openai:1',
        hash: 'a',
        now,
        neededMs: HOUR / 6,
        upload: async () => {
          uploads += 1;
          const end = expiresAfterMs === undefined ? {} : { expiresAt: now + expiresAfterMs };
          return { handle: `file-${uploads}`, ...end };
        },
        ...change,
      });
    },
  };
}

describe('uploadOnce()', () => {
  test('uploads a picture once for an account', async () => {
    const { ask, uploads } = await world();
    expect([await ask(), await ask()]).toEqual(['file-1', 'file-1']);
    expect(await ask({ hash: 'b' })).toBe('file-2');
    expect(await ask({ account: 'openai:2' })).toBe('file-3');
    expect(uploads()).toBe(3);
  });

  test('uploads it again an hour before it could expire on the way', async () => {
    const { ask } = await world(10 * HOUR);
    await ask();
    const enough = NOW + 9 * HOUR - HOUR / 6 - 1;
    expect(await ask({ now: enough })).toBe('file-1');
    expect(await ask({ now: enough + 1 })).toBe('file-2');
    // A batch needs it for a day.
    expect(await ask({ now: enough + 1 + 2 * HOUR, neededMs: 24 * HOUR })).toBe('file-3');
  });

  test('uses a new one for all of a batch, even where the batch may outlive it', async () => {
    const { ask, uploads } = await world(48 * HOUR);
    const neededMs = 48 * HOUR;
    for (const now of [NOW, NOW + 1, NOW + HOUR - 1]) await ask({ now, neededMs });
    expect(uploads()).toBe(1);
    await ask({ now: NOW + HOUR, neededMs });
    expect(uploads()).toBe(2);
  });

  test('trusts a vendor that names no end for a day', async () => {
    const { ask } = await world();
    await ask();
    expect(await ask({ now: NOW + 24 * HOUR - 1 })).toBe('file-1');
    expect(await ask({ now: NOW + 24 * HOUR })).toBe('file-2');
  });

  test('keeps nothing of an upload that failed', async () => {
    const { ask } = await world();
    expect(await ask({ upload: async () => undefined })).toBeUndefined();
    expect(await ask()).toBe('file-1');
  });
});

test.each([
  [WORTH_UPLOADING_BYTES, { sentBefore: false, inBatch: false }, false],
  [WORTH_UPLOADING_BYTES + 1, { sentBefore: false, inBatch: false }, true],
  [1, { sentBefore: true, inBatch: false }, true],
  [1, { sentBefore: false, inBatch: true }, true],
])('an upload of %i bytes, %j, pays: %j', (bytes, use, pays) => {
  expect(paysToUpload(bytes, use)).toBe(pays);
});
