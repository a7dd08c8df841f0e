/** What `deploy/` ships, checked by the linters of its kinds: no container engine is needed. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './support/source-tree.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const read = (name: string) => readFile(join(ROOT, 'deploy', name), 'utf8');
const SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0;

interface LintMessage {
  readonly type: string;
  readonly line: number;
  readonly message: string;
}

interface Service {
  readonly image?: string;
  readonly env_file?: readonly { readonly path: string }[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: unknown;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

async function compose(): Promise<{
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}> {
  return parse(await read('compose.yaml')) as Awaited<ReturnType<typeof compose>>;
}

describe('the Dockerfile', () => {
  test('has nothing that a linter finds wrong', async () => {
    const problems = validate(await read('Dockerfile'), {
      deprecatedMaintainer: ValidationSeverity.ERROR,
      instructionCasing: ValidationSeverity.ERROR,
      instructionWorkdirRelative: ValidationSeverity.ERROR,
    });
    expect(problems.map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
  });

  test('pins its base to the Node that the tests run on, and does not run as root', async () => {
    const text = await read('Dockerfile');
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${devDependencies['node']}-bookworm-slim`]));
    expect(text.slice(text.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
  });
});

describe('the compose file', () => {
  test('keeps the schema of compose files, and what a linter wants of them', async () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const [found] = linter.lintFiles([join(ROOT, 'deploy/compose.yaml')], false);
    const messages = found!.messages as readonly LintMessage[];
    const errors = messages.filter(({ type }) => type === 'error');
    expect(errors.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  test('names each volume, pins each image, and looks whether each server lives', async () => {
    const { services, volumes } = await compose();
    for (const [name, { image, volumes: mounts = [], healthcheck }] of Object.entries(services)) {
      if (image !== undefined) expect(image, name).toMatch(/:.*\d/);
      for (const mount of mounts) expect(volumes).toHaveProperty(mount.split(':')[0]!);
      if (!['imagemill', 'bucket'].includes(name)) expect(healthcheck, name).toBeDefined();
    }
    expect(services['imagemill']!.ports).toEqual(['127.0.0.1:8787:8787']);
  });

  test('has no secret in it: they come from files that no commit takes, with an example each', async () => {
    const { services } = await compose();
    const files = Object.values(services).flatMap(({ env_file = [] }) => env_file);
    for (const { path } of files) {
      expect(await read(`${path}.example`)).toContain('=');
      const ignored = spawnSync('git', ['check-ignore', '-q', join('deploy', path)], { cwd: ROOT });
      expect(ignored.status, path).toBe(0);
    }
    for (const { environment = {} } of Object.values(services)) {
      expect(
        Object.keys(environment).filter((name) => /KEY|SECRET|PASSWORD|URL/.test(name)),
      ).toEqual([]);
    }
  });
});

describe('the systemd unit', () => {
  test.runIf(SYSTEMD)('is one that systemd understands and finds well closed', async () => {
    const text = await read('imagemill.service');
    const file = join(await temporaryFolder(), 'imagemill.service');
    await writeFile(file, text.replaceAll('/opt/imagemill', ROOT));
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const closed = ['security', '--offline=true', '--threshold=20', file];
    const { status, stdout } = spawnSync('systemd-analyze', closed, { encoding: 'utf8' });
    expect(status, stdout).toBe(0);
  });

  test('waits longer than the server does for what is at vendors', async () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(await read('imagemill.service')) ?? [];
    expect(Number(seconds)).toBeGreaterThan(120);
    expect(await read('compose.yaml')).toContain(`stop_grace_period: ${seconds}s`);
  });
});
