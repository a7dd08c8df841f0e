/**
 * The steps of `deploy/Dockerfile` and `deploy/compose.yaml` without a container: the same commands in clean
 * folders, a real PostgreSQL, a server that speaks S3, a run, and the signal that ends a container.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { callServer } from '../support/live-server.ts';
import { S3_CREDENTIALS, s3Server } from '../support/s3-server.ts';
import { ROOT } from '../support/source-tree.ts';
import { postgresHome } from '../support/stores.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two installations of packages, and a build. */
const LONGEST_MS = 600_000;
const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;

async function command(folder: string, words: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn('/bin/sh', ['-c', words], {
    cwd: folder,
    env: { ...process.env, ...env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (said += data.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, `${words}: ${said}`).toBe(0);
}

/** What `deploy/Dockerfile.dockerignore` lets into the build. */
async function copyContext(folder: string): Promise<void> {
  const lines = (await readFile(join(ROOT, 'deploy/Dockerfile.dockerignore'), 'utf8')).split('\n');
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const there = new Set(await readdir(ROOT));
  for (const name of allowed.filter((each) => there.has(each))) {
    await cp(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (path) => !/\.test\.ts$|node_modules/.test(relative(ROOT, path)),
    });
  }
}

test(
  'the image can be built by its steps, and does its work as compose starts it',
  async () => {
    const dockerfile = await readFile(join(ROOT, 'deploy/Dockerfile'), 'utf8');
    const step = (words: string) => {
      expect(dockerfile).toContain(`RUN ${words}`);
      return words;
    };
    const root = await temporaryFolder();
    const [build, app, data] = [join(root, 'build'), join(root, 'app'), join(root, 'data')];
    for (const folder of [build, app, data]) await mkdir(folder);
    await copyContext(build);
    step('npm install --no-audit --no-fund');
    // The same packages are here already: the tests run on them.
    await symlink(join(ROOT, 'node_modules'), join(build, 'node_modules'));
    await command(build, step('npm run build'));
    for (const name of ['package.json', 'package-lock.json']) {
      await cp(join(ROOT, name), join(app, name));
    }
    await command(app, step('npm install --omit=dev --no-audit --no-fund'), {
      NODE_ENV: 'production',
    });
    for (const name of ['LICENSE', 'imagemill', 'dist']) {
      await cp(join(build, name), join(app, name), { recursive: true });
    }

    const simulation = await simulate({ latencyMs: 5 });
    onTestFinished(() => simulation.close());
    const database = await postgresHome();
    onTestFinished(() => database[Symbol.asyncDispose]());
    const bucket = await s3Server('imagemill');
    const child = spawn(join(app, 'imagemill'), ['serve'], {
      cwd: app,
      env: {
        ...simulation.environment,
        ...S3_CREDENTIALS,
        PATH,
        NODE_ENV: 'production',
        HOME: data,
        IMAGEMILL_HOME: data,
        IMAGEMILL_HOST: '0.0.0.0',
        IMAGEMILL_PORT: '0',
        IMAGEMILL_PUBLIC_URL: 'https://images.example.com',
        IMAGEMILL_METRICS_PORT: '0',
        IMAGEMILL_S3_BUCKET: bucket.bucket,
        IMAGEMILL_S3_ENDPOINT: bucket.endpoint,
        DATABASE_URL: database.address,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (said += text.toString()));
    }
    await expect.poll(() => said, { timeout: 60_000 }).toContain('Ctrl-C stops it');
    const port = /serves at http:\/\/[\d.]+:(\d+)/.exec(said)![1]!;
    const key = /one time: (\S+)/.exec(said)![1]!;
    const url = `http://127.0.0.1:${port}`;

    const [, words] = /^\s+CMD (\[.*\])$/m.exec(dockerfile)!;
    const [, ...health] = JSON.parse(words!) as string[];
    const isHealthy = async () => {
      const probe = spawn(process.execPath, health, { env: { IMAGEMILL_PORT: port } });
      const [code] = (await once(probe, 'close')) as [number | null];
      return code === 0;
    };
    expect(await isHealthy()).toBe(true);

    const rows = [{ prompt: 'a red boat' }];
    const body = { rows, settings: { models: ['gpt-image-2'] }, approve: true };
    const created = await callServer(url, key, 'POST', '/v1/runs', { body });
    expect(created.status).toBe(201);
    const { run } = (await created.json()) as { run: string };
    const state = async () => {
      const answer = await callServer(url, key, 'GET', `/v1/runs/${run}`);
      return ((await answer.json()) as { state: string }).state;
    };
    await expect.poll(state, { timeout: 60_000 }).toBe('done');
    const objects = (await readdir(bucket.folder, { recursive: true })).filter((name) =>
      name.endsWith('_object'),
    );
    // The picture by its hash, and beside it what the run has left in the home.
    expect(objects.filter((name) => /^[0-9a-f]{2}\//.test(name))).toHaveLength(1);
    expect(objects.some((name) => name.startsWith('home/runs/'))).toBe(true);
    expect(await readdir(data)).not.toContain('images');

    const ended = once(child, 'close');
    child.kill('SIGTERM');
    expect((await ended)[0], said).toBe(0);
    expect(await isHealthy()).toBe(false);
  },
  LONGEST_MS,
);
