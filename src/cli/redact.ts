/** What of a configuration, an environment and a log may leave the machine in a support file. */
import { withoutSecrets } from '../engine/core/secret-shapes.ts';
import { type Environment, withoutKeys } from './environment.ts';

const REMOVED = '[removed]';
/** Names of settings whose value is a secret, or leads to one. */
const SECRET_NAME =
  /key|secret|token|passw|passphrase|auth|credential|cookie|header|signature|session|private|dsn/i;
/** Longer words of letters and digits mixed are taken for keys. */
const LONG_WORD = /[A-Za-z0-9+_-]{32,}/g;

/** Settings with their structure: secret ones are removed with all that is below them. */
export function withoutSecretSettings(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return withoutQuery(withoutLongWords(scrub(value)));
  if (Array.isArray(value)) return value.map((each) => withoutSecretSettings(each, scrub));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      withoutLongWords(scrub(name)),
      SECRET_NAME.test(name) && each !== null ? REMOVED : withoutSecretSettings(each, scrub),
    ]),
  );
}

/** Variables that concern Imagemill: of those that may be secret only that they are set. */
const OURS =
  /^(IMAGEMILL_|OTEL_|AWS_|STRIPE_|NODE_|UV_|MALLOC_|DATABASE_URL$)|_(API_KEY|BASE_URL)$/;
const PLAIN = /^(IMAGEMILL_|NODE_ENV$|UV_|MALLOC_|AWS_REGION$)|_BASE_URL$/;

export function shownEnvironment(
  environment: Environment,
  scrub: (text: string) => string,
): Record<string, string> {
  const ours = Object.entries(environment).filter(([name]) => OURS.test(name));
  return Object.fromEntries(
    ours
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value = '']) => {
        const isPlain = PLAIN.test(name) && !SECRET_NAME.test(name);
        const shown = withoutQuery(withoutLongWords(scrub(value)));
        return [name, isPlain ? shown : value === '' ? '' : '[set]'];
      }),
  );
}

/** Takes every secret of the environment, and everything that looks like one, out of a text. */
export function scrubber(environment: Environment): (text: string) => string {
  return (text) => withoutSecrets(withoutKeys(text, environment));
}

/** Fields of a line of the log that are known to have no prompt in them. */
const LOG_FIELDS = new Set(
  'level time pid version msg method route status ms key workspace request trace run job grace_ms'.split(
    ' ',
  ),
);

/** A line of the server's log with what is known of it; `undefined` for anything else. */
export function shownLogLine(line: string, scrub: (text: string) => string): object | undefined {
  const fields = parsed(line);
  if (fields === undefined || typeof fields['msg'] !== 'string') return undefined;
  const { type, code, stack } = (fields['err'] ?? {}) as Record<string, unknown>;
  return {
    ...Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => LOG_FIELDS.has(name))
        .map(([name, value]) => [name, typeof value === 'string' ? scrub(value) : value]),
    ),
    ...(fields['err'] !== undefined && {
      // A message may quote what it is about; frames quote nothing.
      err: { type: textOf(type), code: textOf(code), stack: framesOf(stack, scrub) },
    }),
  };
}

function framesOf(stack: unknown, scrub: (text: string) => string): string {
  const frames = textOf(stack).split('\n');
  return scrub(frames.filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line)).join('\n'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' && /^[\w.\s():/<>[\]#@-]*$/.test(value) ? value : '';
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function withoutLongWords(text: string): string {
  return text.replaceAll(LONG_WORD, (word) =>
    /\d/.test(word) && /[A-Za-z]/.test(word) ? REMOVED : word,
  );
}

/** Of an address only where it leads: its query may be signed. */
function withoutQuery(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s?#]*)[?#]\S*/g, `$1?${REMOVED}`);
}
