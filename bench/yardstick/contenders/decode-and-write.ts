/** No contender but what is measured against: ask, decode every pixel, write. Nothing survives a kill. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { concurrency, model, out, rows } from '../given.ts';

const atATime = pLimit(concurrency);

await atATime.map(rows, async ({ prompt, name }) => {
  const answer = await fetch(`${process.env['OPENAI_BASE_URL']}/images/generations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${process.env['OPENAI_API_KEY']}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ model, prompt, size: '1024x1024', quality: 'medium' }),
  });
  const { data } = (await answer.json()) as { data: { b64_json: string }[] };
  const bytes = Buffer.from(data[0]!.b64_json, 'base64');
  await sharp(bytes, { failOn: 'error' }).raw().toBuffer();
  await writeFile(join(out, `${name}.png`), bytes);
});
