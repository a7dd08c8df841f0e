/**
 * AI SDK, all at once: `generateImage` (ai-sdk.dev/docs/ai-sdk-core/image-generation) in a
 * `Promise.all`, with the SDK's own retries (2 by default; they wait as long as the vendor asks for).
 * It has no option for a vendor's pace, and none for a cap: the sheet is cut off where the money
 * would end. After a kill it is started again, and leaves out what has a file.
 */
import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openai } from '@ai-sdk/openai';
import { generateImage } from 'ai';
import { capUsd, imageUsd, model, out, type Row, rows } from '../given.ts';

const fileOf = (row: Row) => join(out, `${row.name}.png`);
const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
const missing = affordable.filter((row) => !existsSync(fileOf(row)));

await Promise.all(
  missing.map(async (row) => {
    try {
      const { image } = await generateImage({
        model: openai.image(model),
        prompt: row.prompt,
        size: '1024x1024',
        providerOptions: { openai: { quality: 'medium' } },
      });
      await writeFile(fileOf(row), image.uint8Array);
    } catch (error) {
      await appendFile(
        'errors.jsonl',
        `${JSON.stringify({ name: row.name, error: String(error) })}\n`,
      );
    }
  }),
);
