/** The dependency audit of CI, with the real npm against a registry of this test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from './support/source-tree.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** A project with one dependency, audited by what the registry answers. */
async function audit(registry: RequestListener): Promise<{ code: number | null; words: string }> {
  const folder = await temporaryFolder();
  const server = createServer(registry).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = { name: 'a-project', version: '1.0.0', dependencies: { boats: '1.0.0' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(project));
  const packages = { '': project, 'node_modules/boats': { version: '1.0.0' } };
  const lock = {
    name: 'a-project',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages,
  };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const child = spawn(process.execPath, [join(ROOT, '.ci/audit.mjs')], {
    cwd: folder,
    env: { ...process.env, npm_config_registry: url, npm_config_cache: join(folder, 'cache') },
  });
  let words = '';
  child.stdout.on('data', (data: Buffer) => (words += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, words };
}

function advising(severity: string): RequestListener {
  const advisory = {
    id: 1,
    url: 'https://example.com/1',
    title: 'Boats sink',
    severity,
    vulnerable_versions: '<2.0.0',
    cwe: [],
    cvss: { score: 0, vectorString: null },
  };
  const boats = {
    name: 'boats',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: 'boats', version: '1.0.0', dist: {} } },
  };
  return (request, response) => {
    request.resume();
    const body = request.method === 'POST' ? { boats: [advisory] } : boats;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

test('a known vulnerability of high severity fails, and is named', async () => {
  const { code, words } = await audit(advising('high'));
  expect([code, words]).toEqual([1, expect.stringContaining('boats *: high')]);
});

test('one of low severity is told, and does not fail', async () => {
  const { code, words } = await audit(advising('low'));
  expect([code, words]).toEqual([0, expect.stringContaining('1 low')]);
});

test('nothing known is said to be nothing known', async () => {
  const { code, words } = await audit((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  expect([code, words]).toEqual([0, expect.stringContaining('no known vulnerability')]);
});

test('a registry without advisories is said not to have been asked, and does not fail', async () => {
  const { code, words } = await audit((request, response) => {
    request.resume();
    response.writeHead(405, { allow: 'GET,HEAD' }).end();
  });
  expect([code, words]).toEqual([0, expect.stringContaining('NOT DONE')]);
});
