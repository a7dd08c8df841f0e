/** The log of a server: a line of JSON on stderr for each request and each event, without secrets. */
import {
  type DestinationStream,
  destination,
  type Level,
  type Logger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { withoutSecrets } from '../../engine/core/secret-shapes.ts';
import { VERSION } from '../../engine/version.ts';

export type LogLevel = Level | 'silent';

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Takes the installation's own secrets out of a text of which nobody knows what is in it. */
  readonly scrub?: (text: string) => string;
  /** Default: stderr, each line written before the next thing is done, so that none is lost. */
  readonly stream?: DestinationStream;
}

/** Errors that led to an error are told down to this depth. */
const MOST_CAUSES = 5;
const MOST_CHARACTERS = 4_000;

export function createLog({
  level = 'info',
  scrub = (text) => text,
  stream,
}: LogOptions = {}): Logger {
  const text = (value: unknown) => cut(withoutSecrets(scrub(String(value))));
  return pino(
    {
      level,
      base: { pid: process.pid, version: VERSION },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => errorFields(error, text, MOST_CAUSES) },
    },
    stream ?? destination({ fd: 2, sync: true }),
  );
}

/**
 * Of an error only what is named here: a driver's error has the statement's parameters with it, and those
 * are prompts.
 */
function errorFields(
  error: unknown,
  text: (value: unknown) => string,
  depth: number,
): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: text(error) };
  const { name, message, stack = '', code, cause } = error as Error & { readonly code?: unknown };
  return {
    type: name,
    message: text(message),
    ...(code !== undefined && { code: text(code) }),
    // The frames: the message in front of them is told already.
    stack: text(stack.slice(Math.max(0, stack.indexOf('\n    at ')))),
    ...(cause !== undefined && depth > 0 && { cause: errorFields(cause, text, depth - 1) }),
  };
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
