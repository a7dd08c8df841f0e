/**
 * A run by the typed client: ordered, watched, its images saved. Start the server first: `imagemill serve`.
 *
 *     IMAGEMILL_API_KEY=im_… node client.ts
 *
 * In a program of yours the import is `imagemill/client`.
 */
import { writeFile } from 'node:fs/promises';
import { ApiError, createClient } from '../../src/api/client/index.ts';

const client = createClient({
  baseUrl: process.env['IMAGEMILL_URL'] ?? 'http://127.0.0.1:8787',
  apiKey: process.env['IMAGEMILL_API_KEY'] ?? '',
});

try {
  const order = { prompts: ['a red boat', 'a blue boat'], settings: { models: ['demo'] } };
  const plan = await client.runs.plan(order);
  console.log(`${plan.items} images for ${plan.total.expected.credits} credits`);

  const { run } = await client.runs.create({ ...order, plan_hash: plan.plan_hash, approve: true });
  for await (const { event, data } of client.runs.events(run)) {
    if (event !== 'journal') console.log(event, data.state, data.items.delivered);
  }
  for await (const item of client.items.all(run, { state: 'delivered' })) {
    const image = await client.images.get(run, item.item);
    const file = `${item.row}-${item.index}.${item.format}`;
    await writeFile(file, new Uint8Array(await image.arrayBuffer()));
    console.log(`${file}: ${item.prompt}`);
  }
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.error(error.message);
  for (const { field, remedy } of error.problems) console.error(`  ${field}: ${remedy}`);
  process.exitCode = 1;
}
