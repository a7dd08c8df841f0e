import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';

export interface PlainPainterInput {
  readonly folder: string;
  readonly baseUrl: string;
  readonly images: number;
  readonly concurrency: number;
  readonly size: string;
}

/** The same pictures by a loop that keeps no books; each file is flushed. */
export async function job(input: PlainPainterInput): Promise<{ readonly seconds: number }> {
  await mkdir(input.folder, { recursive: true });
  const limit = pLimit(input.concurrency);
  const started = performance.now();
  const places = Array.from({ length: input.images }, (_, at) => at);
  await limit.map(places, (at) => paint(input, at));
  return { seconds: (performance.now() - started) / 1000 };
}

async function paint({ baseUrl, folder, size }: PlainPainterInput, at: number): Promise<void> {
  const answer = await fetch(`${baseUrl}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer simulated-key' },
    body: JSON.stringify({
      model: 'gpt-image-2',
      prompt: `plain, picture ${at}`,
      size,
      quality: 'low',
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { b64_json: string }[] };
  const file = await open(join(folder, `${at}.png`), 'w');
  await file.writeFile(Buffer.from(data[0]!.b64_json, 'base64'));
  await file.sync();
  await file.close();
}
