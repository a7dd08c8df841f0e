import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FormBounds, receiveForm } from '../../src/server/files/receive-form.ts';
import { ProblemError } from '../../src/server/problems/problem-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BOUNDS: FormBounds = { mostBytes: 10_000, mostFiles: 2 };

test('receiveForm() streams files to names of its own and keeps the names they came with', async () => {
  const folder = await freshFolder();
  const form = new FormData();
  form.append('settings', '{"count":2}');
  form.append('pictures', new Blob(['one'], { type: 'image/png' }), '../../etc/größe.png');
  form.append('pictures', new Blob(['two']), 'two.png');
  const received = await receiveForm(await requestOf(form), folder, BOUNDS);
  expect(received.fields).toEqual(new Map([['settings', ['{"count":2}']]]));
  expect(received.files).toMatchObject([
    { field: 'pictures', name: '../../etc/größe.png', mediaType: 'image/png', bytes: 3 },
    { field: 'pictures', name: 'two.png', bytes: 3 },
  ]);
  expect(await readdir(folder)).toEqual(['1.part', '2.part']);
  expect(await readFile(received.files[0]!.path, 'utf8')).toBe('one');
  expect(received.files[0]!.sha256).toMatch(/^7692c3ad/);
});

test.each<[string, Partial<FormBounds>, string]>([
  ['bytes of the form', { mostBytes: 300 }, 'The form has more than 300 bytes.'],
  ['bytes of a file', { mostFileBytes: 100 }, 'The file in file is too large.'],
  ['files', { mostFiles: 1 }, 'The number of files is above 1.'],
  ['fields', { mostFields: 1 }, 'The number of fields is above 1.'],
  ['bytes of a field', { mostFieldBytes: 3 }, 'The field note is too large.'],
])('receiveForm() bounds the %s and leaves nothing behind', async (_what, bounds, detail) => {
  const folder = await freshFolder();
  const form = new FormData();
  form.append('note', 'long');
  form.append('other', 'abc');
  form.append('file', new Blob(['x'.repeat(500)]), 'a');
  form.append('file', new Blob(['y']), 'b');
  const error = await problemOf(
    receiveForm(await requestOf(form), folder, { ...BOUNDS, ...bounds }),
  );
  expect(error).toMatchObject({ code: 'too-large', message: detail });
  expect(existsSync(folder)).toBe(false);
});

test('receiveForm() leaves nothing behind of a form that is cut off', async () => {
  const folder = await freshFolder();
  const text = '--b\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nhalf';
  const cut = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: text,
  });
  const error = await problemOf(receiveForm(cut, folder, BOUNDS));
  expect(error.code).toBe('malformed-request');
  expect(existsSync(folder)).toBe(false);
});

test('receiveForm() leaves nothing behind of a client that goes away', async () => {
  const folder = await freshFolder();
  let step = 0;
  const body = new ReadableStream({
    pull: (controller) => {
      step += 1;
      if (step > 1) return controller.error(new Error('the client went away'));
      const head = '--b\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nhalf';
      controller.enqueue(new TextEncoder().encode(head));
    },
  });
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body,
    duplex: 'half',
  } as RequestInit);
  expect((await problemOf(receiveForm(request, folder, BOUNDS))).code).toBe('malformed-request');
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['application/json', 'unsupported-media-type'],
  ['multipart/form-data', 'malformed-request'],
])('receiveForm() refuses a body of %s without a boundary', async (type, code) => {
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': type },
    body: '{}',
  });
  expect((await problemOf(receiveForm(request, await freshFolder(), BOUNDS))).code).toBe(code);
});

async function freshFolder(): Promise<string> {
  return join(await temporaryFolder(), 'form');
}

async function requestOf(form: FormData): Promise<Request> {
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return new Request('http://localhost/', {
    method: 'POST',
    headers,
    body: await encoded.arrayBuffer(),
  });
}

async function problemOf(promise: Promise<unknown>): Promise<ProblemError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}
