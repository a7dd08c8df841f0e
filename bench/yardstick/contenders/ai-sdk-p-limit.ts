/**
 * AI SDK with p-limit (github.com/sindresorhus/p-limit): so many calls at a time as fit the vendor's
 * pace at its usual latency, and the SDK's retries, raised to 5 by its `maxRetries`. Neither has an
 * option for images a minute or for a cap: the sheet is cut off where the money would end. After a kill
 * it is started again, and leaves out what has a file.
 */
import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openai } from '@ai-sdk/openai';
import { generateImage } from 'ai';
import pLimit from 'p-limit';
import { capUsd, concurrency, imageUsd, model, out, type Row, rows } from '../given.ts';

const fileOf = (row: Row) => join(out, `${row.name}.png`);
const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
const missing = affordable.filter((row) => !existsSync(fileOf(row)));
const atATime = pLimit(concurrency);

await atATime.map(missing, async (row) => {
  try {
    const { image } = await generateImage({
      model: openai.image(model),
      prompt: row.prompt,
      size: '1024x1024',
      maxRetries: 5,
      providerOptions: { openai: { quality: 'medium' } },
    });
    await writeFile(fileOf(row), image.uint8Array);
  } catch (error) {
    await appendFile(
      'errors.jsonl',
      `${JSON.stringify({ name: row.name, error: String(error) })}\n`,
    );
  }
});
