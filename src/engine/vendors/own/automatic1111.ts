/**
 * AUTOMATIC1111's web UI and Forge (`/sdapi/v1`): one synchronous call, pictures inside the answer. The
 * server silently paints with another checkpoint when it does not know the one asked for, so its list is
 * read first. A lost answer cannot be looked up.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { readServerError } from './answer-failure.ts';
import {
  type Automatic1111Vendor,
  type ConfiguredLaneConfig,
  type Json,
  type JsonObject,
  keyHeaders,
  optionsOf,
} from './configured-vendor.ts';
import { bareFailure, failed, lostFailure } from '../failures.ts';
import { type WholeResponse, call, jsonOf, textOf } from '../http.ts';
import { withoutSlash } from '../lane-config.ts';
import { fillPlaceholders, valuesOf } from './placeholders.ts';
import { addressOf } from '../reference-address.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { Answered, CallContext, LaneRequest, VendorLane } from '../vendor.ts';

/**
 * `baseUrl` is the server's root: `http://127.0.0.1:7860`. A key of the form `user:password` is what
 * `--api-auth` wants; any other goes as a bearer token, for a proxy before the server.
 */
export function createAutomatic1111Lane(
  config: ConfiguredLaneConfig<Automatic1111Vendor>,
): VendorLane {
  const { name, vendor, apiKey, fetch } = config;
  const baseUrl = withoutSlash(config.baseUrl);
  const headers = authorizationOf(apiKey);
  const scrub = withoutCredentials(apiKey);
  /** Names of checkpoints that the server has; read again for a name that is not among them. */
  let known: ReadonlySet<string> = new Set();

  /** Why the checkpoint cannot be asked for; nothing has been ordered yet. */
  async function refuseModel(model: string, { signal }: CallContext): Promise<Failure | undefined> {
    if (known.has(model)) return undefined;
    const url = `${baseUrl}/sdapi/v1/sd-models`;
    const answer = await call({ fetch, method: 'GET', url, headers, signal });
    if (answer.kind === 'lost') return { kind: 'not-sent', words: answer.words };
    if (answer.status !== 200) return listFailure(answer);
    const checkpoints = checkpointsSchema.safeParse(jsonOf(answer));
    // A server of another make without such a list is taken at its word.
    if (!checkpoints.success || checkpoints.data.length === 0) return undefined;
    known = new Set(checkpoints.data.flatMap(namesOf));
    return known.has(model) ? undefined : unknownCheckpoint(model, checkpoints.data);
  }

  return {
    vendor: name,
    account: accountOf(name, baseUrl, apiKey),
    async submit(request, context) {
      if (request.references.length > 1) {
        const words = 'This server takes one reference picture.';
        return failed({ kind: 'invalid-request', words }, scrub);
      }
      const refused = await refuseModel(request.model, context);
      if (refused !== undefined) return failed(refused, scrub);
      const way = request.references.length === 0 ? 'txt2img' : 'img2img';
      const answer = await call({
        fetch,
        method: 'POST',
        url: `${baseUrl}/sdapi/v1/${way}`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: bodyOf(vendor, request),
        signal: context.signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      if (answer.status !== 200) return failed(classify(answer), scrub);
      return readAnswer(answer, request) ?? failed(UNREADABLE, scrub);
    },
  };
}

function authorizationOf(apiKey: string): Readonly<Record<string, string>> {
  if (!apiKey.includes(':')) return keyHeaders(apiKey);
  return { authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` };
}

/** A password alone, or its encoded form, is as secret as both parts together. */
function withoutCredentials(apiKey: string): (words: string) => string {
  const password = apiKey.slice(apiKey.indexOf(':') + 1);
  const forms = [apiKey, Buffer.from(apiKey).toString('base64'), password];
  const scrubbers = forms.filter((form) => form.length >= SHORTEST_SECRET).map(scrubber);
  return (words) => scrubbers.reduce((text, scrub) => scrub(text), words);
}

/** A shorter text would be found inside ordinary words. */
const SHORTEST_SECRET = 6;

// The request.

function bodyOf(vendor: Automatic1111Vendor, request: LaneRequest): Record<string, unknown> {
  const options = fillPlaceholders(optionsOf(vendor, request.model), valuesOf(request));
  return {
    prompt: request.prompt,
    ...(request.negativePrompt === undefined ? {} : { negative_prompt: request.negativePrompt }),
    // Picture i of a batch gets seed + i; without a seed the server takes one by chance.
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    width: request.size.width,
    height: request.size.height,
    batch_size: request.count,
    n_iter: 1,
    // Giving the old checkpoint back would load gigabytes twice for every picture.
    override_settings_restore_afterwards: false,
    ...referenceOf(request),
    ...options,
    override_settings: {
      ...objectOf(options['override_settings']),
      sd_model_checkpoint: request.model,
    },
  };
}

function referenceOf({ references: [reference] }: LaneRequest): Record<string, unknown> {
  if (reference === undefined) return {};
  const image =
    reference.kind === 'bytes'
      ? Buffer.from(reference.bytes).toString('base64')
      : addressOf(reference);
  // 1: crop and resize; the server's own 0 would stretch the picture.
  return { init_images: [image], resize_mode: 1 };
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

// The answer.

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

/** Extensions append pictures of their own (a control map) after those that were asked for. */
function readAnswer(answer: WholeResponse, request: LaneRequest): Answered | undefined {
  const parsed = answerSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return undefined;
  return {
    kind: 'answered',
    images: parsed.data.images.slice(0, request.count).map((image, index) => ({
      index,
      kind: 'image',
      source: { kind: 'bytes', bytes: Buffer.from(image.replace(/^data:[^,]*,/, ''), 'base64') },
    })),
  };
}

// Checkpoints.

/** All names by which the server knows a checkpoint: with and without hash, folder and ending. */
function namesOf({ title, model_name, hash, sha256, filename }: Checkpoint): string[] {
  const file = filename?.replace(/^.*[\\/]/, '');
  const names = [title, title?.replace(/ \[[0-9a-f]+\]$/, ''), model_name, hash, sha256, file];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/** Names that an error may list. */
const MOST_LISTED = 10;

function unknownCheckpoint(model: string, checkpoints: readonly Checkpoint[]): Failure {
  const titles = checkpoints.map(({ title, model_name }) => title ?? model_name ?? '?');
  const more = titles.length > MOST_LISTED ? `, and ${titles.length - MOST_LISTED} more` : '';
  const listed = `${titles.slice(0, MOST_LISTED).join(', ')}${more}`;
  const words = `The server has no checkpoint "${model}". It has: ${listed}. Write one of them as the model's wire.`;
  return { kind: 'model-gone', words };
}

// What an error means.

const NO_API = 'The server has no /sdapi/v1 here. Start it with --api, and check base_url.';

function listFailure(answer: WholeResponse): Failure {
  const failure = classify(answer);
  // The list was asked for, nothing was ordered: whatever went wrong, nothing was made.
  return failure.kind === 'unknown' || failure.kind === 'task-failed'
    ? { kind: 'overloaded', words: failure.words }
    : failure;
}

/**
 * The server's own errors are `{error, detail, body, errors}`, `error` the name of the exception: then the
 * painting ended with it (out of memory, a black picture), and no picture is left. Without that shape a
 * proxy may have spoken.
 */
function classify(answer: WholeResponse): Failure {
  const { status } = answer;
  const body = jsonOf(answer);
  const own = errorSchema.safeParse(body);
  if (status === 404 && !own.success) return { kind: 'model-gone', words: NO_API };
  const words = readServerError(body)?.words;
  if (own.success && status >= 500) {
    return { kind: 'task-failed', words: words ?? own.data.error };
  }
  if (words === undefined) return bareFailure(status, textOf(answer));
  return { ...bareFailure(status, ''), words: `HTTP ${status}: ${words}` };
}

// The wire, as far as it is read.

const answerSchema = z.object({ images: z.array(z.string()) });

const checkpointsSchema = z.array(
  z.object({
    title: z.string().nullish(),
    model_name: z.string().nullish(),
    hash: z.string().nullish(),
    sha256: z.string().nullish(),
    filename: z.string().nullish(),
  }),
);
type Checkpoint = z.infer<typeof checkpointsSchema>[number];

const errorSchema = z.object({ error: z.string().min(1), errors: z.string() });
