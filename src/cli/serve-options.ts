/** Options of `serve`, each also by a variable (`--public-url`: `IMAGEMILL_PUBLIC_URL`), for containers. */
import { InputError, type Problem } from '../engine/core/errors.ts';
import type { Environment } from './environment.ts';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly publicUrl?: string;
  readonly metricsPort?: string;
  readonly grace?: string;
  readonly logLevel?: string;
  readonly trustedProxies?: string;
  readonly allowPrivateWebhooks?: boolean;
}

export interface ServePlan {
  readonly host: string;
  readonly port: number;
  /** Without a slash at the end; absent: what it listens on. */
  readonly publicUrl?: string;
  readonly metricsPort?: number;
  readonly graceMs: number;
  readonly logLevel: LogLevel;
  readonly trustedProxies: readonly string[];
  readonly allowPrivateWebhooks: boolean;
  /** Other machines reach it, and what they send can be read on the way. */
  readonly isExposed: boolean;
}

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LONGEST_GRACE_SECONDS = 3_600;

/** Throws `InputError` with everything that is wrong. */
export function readServeOptions(options: ServeOptions, environment: Environment): ServePlan {
  const problems: Problem[] = [];
  const read = <Value>(
    name: Exclude<keyof ServeOptions, 'allowPrivateWebhooks'>,
    otherwise: Value,
    parse: (text: string) => Value | undefined,
    remedy: string,
  ): Value => {
    const variable = `IMAGEMILL_${dashed(name).replaceAll('-', '_').toUpperCase()}`;
    const text = options[name] ?? (environment[variable]?.trim() || undefined);
    if (text === undefined) return otherwise;
    const value = parse(text);
    if (value !== undefined) return value;
    const column = options[name] === undefined ? variable : `--${dashed(name)}`;
    problems.push({ column, value: text, message: 'This value cannot be used', remedy });
    return otherwise;
  };
  const host = read('host', '127.0.0.1', (text) => text, '');
  const port = read('port', 8787, portOf, 'Use a number from 0 to 65535; 0 takes a free port.');
  const publicUrl = read<string | undefined>(
    'publicUrl',
    undefined,
    urlOf,
    'Write how clients reach the server, without a query: https://images.example.com',
  );
  const metricsPort = read<number | undefined>(
    'metricsPort',
    undefined,
    portOf,
    'Use a number from 0 to 65535; 0 takes a free port.',
  );
  const graceMs = read(
    'grace',
    120_000,
    graceOf,
    `Use seconds from 0 to ${LONGEST_GRACE_SECONDS}.`,
  );
  const logLevel = read('logLevel', 'info', levelOf, `Use one of ${LOG_LEVELS.join(', ')}.`);
  const trustedProxies = read<readonly string[]>(
    'trustedProxies',
    [],
    (text) => text.split(',').map((each) => each.trim()),
    '',
  );
  if (problems.length > 0) throw new InputError(problems);
  return {
    host,
    port,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(metricsPort !== undefined && { metricsPort }),
    graceMs,
    logLevel,
    trustedProxies,
    allowPrivateWebhooks:
      options.allowPrivateWebhooks ??
      /^(1|true|yes)$/i.test(environment['IMAGEMILL_ALLOW_PRIVATE_WEBHOOKS']?.trim() ?? ''),
    isExposed: !isLoopback(host) && publicUrl?.startsWith('https://') !== true,
  };
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

function graceOf(text: string): number | undefined {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= LONGEST_GRACE_SECONDS ? seconds * 1000 : undefined;
}

function levelOf(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.toLowerCase());
}

function urlOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined;
  }
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
