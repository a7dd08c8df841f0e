/**
 * A real PostgreSQL for the tests, started once for all workers of a vitest run and gone with it: a
 * process of its own (`postgres-guard.ts`) owns the server, and stops and removes it as soon as the
 * run's main process is gone, however it ended. `DATABASE_URL_TEST` names a server to use instead.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_START_MS = 60_000;

/** The URL of a server on which databases may be created. */
export async function postgresServer(): Promise<string> {
  const given = process.env['DATABASE_URL_TEST'];
  if (given !== undefined && given !== '') return given;
  const folder = join(tmpdir(), `imagemill-postgres-${process.ppid}`);
  for (let waitedMs = 0; waitedMs < LONGEST_START_MS; waitedMs += 50) {
    startGuard(folder);
    const url = textOf(join(folder, 'url'));
    if (url !== undefined) return url;
    const failure = textOf(join(folder, 'failure'));
    if (failure !== undefined) throw new Error(`PostgreSQL did not start: ${failure}`);
    await pause(50);
  }
  throw new Error(`PostgreSQL did not start within ${LONGEST_START_MS} ms.`);
}

/** Starts the guard unless another worker has: who makes the folder starts it. */
function startGuard(folder: string): void {
  const guard = textOf(join(folder, 'guard'));
  // An earlier run whose main process had the same number, and whose guard was killed.
  if (guard !== undefined && !isAlive(Number(guard))) {
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    mkdirSync(folder);
  } catch {
    return;
  }
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'postgres-guard.ts'), folder, String(process.ppid)],
    { detached: true, stdio: 'ignore' },
  );
  writeFileSync(join(folder, 'guard'), String(child.pid));
  child.unref();
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this number is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
