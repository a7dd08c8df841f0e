import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import pLimit from 'p-limit';
import sharp from 'sharp';

export interface BareFetchInput {
  readonly folder: string;
  readonly sheet: string;
  readonly baseUrl: string;
  readonly concurrency: number;
  /** Decode every pixel before the file is written. */
  readonly checks: boolean;
}

export interface BareFetchOutput {
  readonly delivered: number;
}

/** What a script of thirty lines would do: no plan, no limits, no ledger, nothing survives a kill. */
export async function job(input: BareFetchInput): Promise<BareFetchOutput> {
  const out = join(input.folder, 'out');
  await mkdir(out, { recursive: true });
  const rows = parse<{ prompt: string; name: string }>(await readFile(input.sheet), {
    columns: true,
  });
  const limit = pLimit(input.concurrency);
  const files = await limit.map(rows, ({ prompt, name }) =>
    makeImage(input, prompt, join(out, `${name}.png`)),
  );
  return { delivered: files.length };
}

async function makeImage(input: BareFetchInput, prompt: string, path: string): Promise<string> {
  const answer = await fetch(`${input.baseUrl}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer simulated-key' },
    body: JSON.stringify({ model: 'gpt-image-2', prompt, size: '1024x1024', quality: 'medium' }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { b64_json: string }[] };
  const bytes = Buffer.from(data[0]!.b64_json, 'base64');
  if (input.checks) await sharp(bytes, { failOn: 'error' }).raw().toBuffer();
  await writeFile(path, bytes);
  return path;
}
