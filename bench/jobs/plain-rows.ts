import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { pack } from 'tar-stream';
import { keepInFlight } from '../keep-in-flight.ts';
import { measureStage, type Stage } from '../many-rows/measure-stage.ts';

export interface PlainRowsInput {
  readonly folder: string;
  readonly sheet: string;
  /** Of the many-prompts vendor. */
  readonly baseUrl: string;
}

interface Row {
  readonly prompt: string;
  readonly name: string;
}

interface Answer {
  readonly results: readonly { readonly images: readonly { readonly b64: string }[] }[];
}

const PROMPTS_A_REQUEST = 100;
const AT_ONCE = 4;

/** What a loop of fifty lines would do: no plan, no books, nothing flushed, nothing survives a kill. */
export async function job(input: PlainRowsInput): Promise<readonly Stage[]> {
  const { folder, sheet } = input;
  const rows: Row[] = [];
  const out = join(folder, 'out');
  await mkdir(out, { recursive: true });
  const read = await measureStage('read', async () => {
    for await (const row of createReadStream(sheet).pipe(parse({ columns: true }))) rows.push(row);
  });
  const made = await measureStage('make and deliver', () =>
    keepInFlight(Math.ceil(rows.length / PROMPTS_A_REQUEST), AT_ONCE, async (at) => {
      const some = rows.slice(at * PROMPTS_A_REQUEST, (at + 1) * PROMPTS_A_REQUEST);
      const { results } = await ask(input, `request-${at}`, some);
      for (const [place, { images }] of results.entries()) {
        const bytes = Buffer.from(images[0]!.b64, 'base64');
        await writeFile(join(out, `${some[place]!.name}.png`), bytes);
      }
    }),
  );
  const told = await measureStage('results sheet', () =>
    pipeline(
      rows.map(({ prompt, name }) => [prompt, name, 'delivered', `${name}.png`]),
      stringify(),
      createWriteStream(join(folder, 'results.csv')),
    ),
  );
  const exported = await measureStage('webdataset', () => writeTar(rows, out, folder));
  return [read, made, told, exported].map(({ measured }) => measured);
}

async function ask(
  { baseUrl }: PlainRowsInput,
  key: string,
  rows: readonly Row[],
): Promise<Answer> {
  const answer = await fetch(`${baseUrl}/prompts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer simulated-key' },
    body: JSON.stringify({
      key,
      model: 'tiny-painter',
      prompts: rows.map(({ prompt, name }) => ({
        key: `row-${name}`,
        prompt,
        width: 64,
        height: 64,
        quality: 'low',
        count: 1,
        format: 'png',
      })),
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** One file, without an index. */
async function writeTar(rows: readonly Row[], out: string, folder: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(join(folder, 'dataset.tar')));
  for (const { prompt, name } of rows) {
    tar.entry({ name: `${name}.png` }, await readFile(join(out, `${name}.png`)));
    await new Promise<void>((resolve, reject) => {
      tar.entry({ name: `${name}.txt` }, prompt, (error) => (error ? reject(error) : resolve()));
    });
  }
  tar.finalize();
  await written;
}
