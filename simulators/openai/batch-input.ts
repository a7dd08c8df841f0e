import { MODELS } from './read-order.ts';

/** A line of a batch's file, checked as far as the vendor checks it before it begins. */
export interface BatchLine {
  readonly customId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An entry of a failed batch's `errors.data`. */
export interface BatchError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** Counted from 1. */
  readonly line: number | null;
}

export interface BatchInput {
  readonly lines: readonly BatchLine[];
  /** Any of them, and nothing of the batch is made. */
  readonly errors: readonly BatchError[];
}

const MOST_LINES = 50_000;

/** Reads the file of a batch as the vendor does while it is `validating`. */
export function readBatchInput(content: Uint8Array, endpoint: string): BatchInput {
  const texts = new TextDecoder().decode(content).split('\n');
  const written = texts.flatMap((text, index) =>
    text.trim() === '' ? [] : [{ text, line: index + 1 }],
  );
  if (written.length === 0) {
    return { lines: [], errors: [fault('empty_file', 'The batch input file is empty.')] };
  }
  if (written.length > MOST_LINES) {
    const message = `The batch input file has more than ${MOST_LINES} requests.`;
    return { lines: [], errors: [fault('too_many_tasks', message)] };
  }
  const seen = { ids: new Set<string>(), models: new Set<unknown>() };
  const read = written.map(({ text, line }) => readLine(text, line, endpoint, seen));
  return {
    lines: read.flatMap((each) => ('customId' in each ? [each] : [])),
    errors: read.flatMap((each) => ('code' in each ? [each] : [])),
  };
}

const REQUIRED = ['custom_id', 'method', 'url', 'body'] as const;

function readLine(
  text: string,
  line: number,
  endpoint: string,
  seen: { readonly ids: Set<string>; readonly models: Set<unknown> },
): BatchLine | BatchError {
  const given = parseObject(text);
  if (!given) return fault('invalid_json_line', 'This line is not parseable as valid JSON.', line);
  const missing = REQUIRED.find((name) => given[name] === undefined);
  if (missing !== undefined) {
    const message = `Missing required parameter: '${missing}'.`;
    return { ...fault('missing_required_parameter', message, line), param: missing };
  }
  const { custom_id: id, method, url, body } = given;
  if (method !== 'POST') {
    return { ...fault('invalid_method', "Supported is the method 'POST'.", line), param: 'method' };
  }
  if (url !== endpoint) {
    const message = `The URL '${String(url)}' does not match the endpoint of the batch.`;
    return { ...fault('url_mismatch', message, line), param: 'url' };
  }
  if (typeof id !== 'string' || seen.ids.has(id)) {
    const message = `The custom_id '${String(id)}' for this request is a duplicate of another request.`;
    return { ...fault('duplicate_custom_id', message, line), param: 'custom_id' };
  }
  seen.ids.add(id);
  return checkModel(body, line, seen.models) ?? { customId: id, body: { ...Object(body) } };
}

function checkModel(body: unknown, line: number, models: Set<unknown>): BatchError | undefined {
  const { model } = Object(body) as { model?: unknown };
  if (typeof model !== 'string' || !MODELS.includes(model)) {
    const message = `The provided model '${String(model)}' is not supported by the Batch API.`;
    return { ...fault('model_not_found', message, line), param: 'body.model' };
  }
  models.add(model);
  if (models.size === 1) return undefined;
  const message = 'All requests of a batch must have the same model.';
  return { ...fault('model_mismatch', message, line), param: 'body.model' };
}

function fault(code: string, message: string, line: number | null = null): BatchError {
  return { code, message, param: null, line };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
