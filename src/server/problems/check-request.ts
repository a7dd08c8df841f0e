/** What is checked of every request before its route's own schemas: that it can be read at all. */
import { z } from '@hono/zod-openapi';
import type { ApiRoute } from '../../api/define-route.ts';
import type { ProblemDetail } from '../../api/problem.ts';
import { OFFSET_OCTETS } from '../../api/routes/uploads.ts';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from './problem-error.ts';

/** Objects and lists within each other; what the schemas know has less than ten. */
const MOST_DEPTH = 64;
/** Fields of one object; a row has 200. Of a million different ones, each pass takes seconds. */
const MOST_MEMBERS = 1_000;
/** The escape of U+0000, which PostgreSQL keeps in no text. */
const NUL_ESCAPE = /(?<!\\)(?:\\\\)*\\u0000/;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;

/** Throws `ProblemError`. */
export async function checkRequest(c: AppContext, route: ApiRoute): Promise<void> {
  checkPlace(c);
  checkQuery(c, route);
  const types = Object.keys(route.request?.body?.content ?? {});
  // The bytes of an upload's piece: whose upload it is, is asked first.
  if (types.includes(OFFSET_OCTETS)) return;
  if (types.length === 0 || !checkType(c, types, route.request?.body?.required === true)) return;
  if (types.some((type) => JSON_TYPE.test(type)) && JSON_TYPE.test(mediaType(c))) {
    checkJson(await c.req.text());
  }
}

function checkPlace(c: AppContext): void {
  const problems = Object.entries(c.req.param() as Record<string, string>)
    .filter(([, value]) => value.includes('\0'))
    .map(([name]) => nulProblem(`param.${name}`));
  refuse(problems);
}

/** A field that nobody reads is a mistake of who sends it: `?limt=5` would be half an hour of search. */
function checkQuery(c: AppContext, route: ApiRoute): void {
  const query = route.request?.query;
  const known = query instanceof z.ZodObject ? Object.keys(query.shape) : [];
  if (query !== undefined && !(query instanceof z.ZodObject)) return;
  // OpenAI's clients, Stripe and load balancers may send what they like beside what is theirs.
  const isForeign = !c.req.path.startsWith('/v1/');
  const problems = Object.entries(c.req.queries()).flatMap(([name, values]): ProblemDetail[] => {
    if (values.some((value) => value.includes('\0'))) return [nulProblem(`query.${name}`)];
    if (known.includes(name) || isForeign) return [];
    const remedy = known.length === 0 ? 'Leave it out.' : `There are ${known.join(', ')}.`;
    return [{ field: `query.${name}`, message: 'There is no such field.', remedy }];
  });
  refuse(problems);
}

/** Whether there is a body; throws when it is of another kind than the route reads. */
function checkType(c: AppContext, types: readonly string[], isRequired: boolean): boolean {
  const type = mediaType(c);
  if (type === '' && c.req.raw.body === null && !isRequired) return false;
  if (types.some((known) => known === type || (JSON_TYPE.test(known) && JSON_TYPE.test(type)))) {
    return true;
  }
  throw new ProblemError(
    'unsupported-media-type',
    `Send ${types.join(' or ')}: the Content-Type is ${type === '' ? 'missing' : `"${type}"`}.`,
    { headers: { accept: types.join(', ') } },
  );
}

function mediaType(c: AppContext): string {
  return (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
}

function checkJson(text: string): void {
  checkShape(text);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ProblemError('malformed-request', 'The body is no JSON.', {
      problems: [
        {
          field: 'body',
          message: text === '' ? 'It is empty.' : wordsOf(error),
          remedy: 'Send JSON, and nothing else.',
        },
      ],
      cause: error,
    });
  }
  if (NUL_ESCAPE.test(text)) refuse([nulProblem('body')]);
}

/** V8 quotes what it found: the place is enough, since a body may hold a prompt. */
function wordsOf(error: unknown): string {
  const place = /at position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))?.[0];
  return place === undefined ? 'It ends too early, or is no JSON.' : `It cannot be read ${place}.`;
}

/** Throws `ProblemError` for JSON that takes long to read: it is looked at before it is. */
export function checkShape(text: string, field = 'body'): void {
  const message = excessOf(text);
  if (message !== undefined) refuse([{ field, message, remedy: 'Send it flatter.' }]);
}

/** What there is too much of in a text of JSON; brackets and colons tell. */
function excessOf(text: string): string | undefined {
  /** Members of each object, and of each list, that is open. */
  const open: number[] = [];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isQuoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isQuoted = false;
    } else if (code === QUOTE) isQuoted = true;
    else if (code === BRACE || code === BRACKET) {
      if (open.push(0) > MOST_DEPTH) {
        return `It has more than ${MOST_DEPTH} objects and lists within each other.`;
      }
    } else if (code === BRACE_END || code === BRACKET_END) open.pop();
    else if (code === COLON && open.length > 0) {
      const members = open.pop()! + 1;
      if (members > MOST_MEMBERS) return `An object in it has more than ${MOST_MEMBERS} fields.`;
      open.push(members);
    }
  }
  return undefined;
}

const COLON = 0x3a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

function nulProblem(field: string): ProblemDetail {
  return {
    field,
    message: 'It has the character U+0000, which no text can have.',
    remedy: 'Take it out.',
  };
}

function refuse(problems: readonly ProblemDetail[]): void {
  if (problems.length === 0) return;
  throw new ProblemError('invalid', 'Something in the request is wrong.', { problems });
}
