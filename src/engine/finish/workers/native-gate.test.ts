import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

/** Ends as it is told to while one thread is in the middle of an enlargement. */
async function endAmidWork(ending: string) {
  const code = `
    const { createPicturePool } = await import(${fileBeside('./picture-pool.ts')});
    const { paintSample } = await import(${fileBeside('../paint-sample.ts')});
    const { parseRecipe } = await import(${fileBeside('../../core/recipe.ts')});
    const pool = createPicturePool(2);
    const { recipe } = parseRecipe('upscale 4x learned; png');
    const finish = async (side) =>
      await pool.finish(await paintSample(side), { recipe, marks: { kind: 'none' } });
    // Both threads have the network once these are done.
    await Promise.all([finish(32), finish(32)]);
    finish(600).catch(() => {});
    await finish(150);
    ${ending}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return { exitCode, said: await said };
}

function fileBeside(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

test.each([
  ['leaving the process', 'process.exit(7);'],
  ['closing the pool', 'await pool[Symbol.asyncDispose](); process.exit(7);'],
])('%s amid an enlargement is no crash', async (_, ending) => {
  const { exitCode, said } = await endAmidWork(ending);
  expect(said).not.toContain('terminate called');
  expect(exitCode).toBe(7);
});
