/** The calls that a ComfyUI server answers, each made once. */
import type { Failure } from '../../core/failure.ts';
import { answerFailure } from './answer-failure.ts';
import {
  type History,
  type HistoryEntry,
  KEY_FIELD,
  type Task,
  acceptedSchema,
  historySchema,
  queueSchema,
  uploadedSchema,
  whyRejected,
} from './comfyui-answers.ts';
import { promptIdOf, uploadNameOf } from './comfyui-workflow.ts';
import {
  type ConfiguredLaneConfig,
  type ComfyuiVendor,
  type JsonObject,
  keyHeaders,
} from './configured-vendor.ts';
import { lostFailure } from '../failures.ts';
import { type CallAnswer, LARGEST_IMAGE_BYTES, call, jsonOf } from '../http.ts';
import { withoutSlash } from '../lane-config.ts';
import type { CallContext, FetchAnswer, ReferenceBytes } from '../vendor.ts';

/** What was asked for, or what went wrong with the asking. */
export type Asked<Result> =
  | { readonly answer: Result; readonly failure?: undefined }
  | { readonly failure: Failure };

/** `ended`: it is in the history. `waiting`: queued or painted. `gone`: the server does not know it. */
export type TaskState =
  | { readonly kind: 'ended'; readonly entry: HistoryEntry }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'gone' };

export class ComfyuiServer {
  readonly baseUrl: string;
  readonly #config: ConfiguredLaneConfig<ComfyuiVendor>;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(config: ConfiguredLaneConfig<ComfyuiVendor>) {
    this.baseUrl = withoutSlash(config.baseUrl);
    this.#config = config;
    this.#headers = keyHeaders(config.apiKey, config.vendor.keyHeader);
  }

  /** Puts a workflow into the queue; the server's id of the task. */
  async order(key: string, graph: JsonObject, context: CallContext): Promise<Asked<string>> {
    const answer = await this.#post(
      '/prompt',
      // Older servers ignore the id and give one of their own: our key lies beside the workflow.
      {
        prompt: graph,
        client_id: 'imagemill',
        prompt_id: promptIdOf(key),
        extra_data: { [KEY_FIELD]: key },
      },
      context,
    );
    const isRefused = answer.kind === 'response' && answer.status === 400;
    const rejected = isRefused ? whyRejected(jsonOf(answer)) : undefined;
    if (rejected !== undefined) return { failure: rejected };
    return this.#read(answer, (body) => acceptedSchema.safeParse(body).data?.prompt_id);
  }

  async upload(reference: ReferenceBytes, context: CallContext): Promise<Asked<string>> {
    const form = new FormData();
    const file = new Blob([new Uint8Array(reference.bytes)], { type: reference.mediaType });
    form.set('image', file, uploadNameOf(reference));
    form.set('type', 'input');
    form.set('overwrite', 'true');
    const answer = await this.#post('/upload/image', form, context);
    return this.#read(answer, (body) => {
      const { data } = uploadedSchema.safeParse(body);
      return data && (data.subfolder ? `${data.subfolder}/${data.name}` : data.name);
    });
  }

  async stateOf(id: string, context: CallContext): Promise<Asked<TaskState>> {
    const ended = await this.#entry(id, context);
    if (ended.failure !== undefined || ended.answer.kind === 'ended') return ended;
    const queued = await this.queue(context);
    if (queued.failure !== undefined) return queued;
    if (queued.answer.some((task) => task.id === id)) return { answer: { kind: 'waiting' } };
    // It may have ended between the two questions.
    return this.#entry(id, context);
  }

  async queue(context: CallContext): Promise<Asked<readonly Task[]>> {
    const answer = await this.#get('/queue', context);
    return this.#read(answer, (body) => queueSchema.safeParse(body).data);
  }

  /** The tasks that ended last. */
  async history(most: number, context: CallContext): Promise<Asked<History>> {
    const answer = await this.#get(`/history?max_items=${most}`, context);
    return this.#read(answer, (body) => historySchema.safeParse(body).data);
  }

  /** A picture by its address, which must be this server's: the key goes along. */
  async picture(url: string, context: CallContext): Promise<FetchAnswer> {
    if (!url.startsWith(`${this.baseUrl}/view?`)) {
      return { kind: 'forbidden', words: 'the picture does not lie on the server itself' };
    }
    const answer = await this.#get(url.slice(this.baseUrl.length), context, LARGEST_IMAGE_BYTES);
    if (answer.kind === 'lost') return { kind: 'interrupted', words: answer.words };
    if (answer.status === 404) return { kind: 'expired', words: 'HTTP 404' };
    if (answer.status !== 200) return { kind: 'interrupted', words: `HTTP ${answer.status}` };
    if (answer.body.length === 0) return { kind: 'interrupted', words: 'The answer was empty' };
    return { kind: 'fetched', bytes: answer.body };
  }

  async #entry(id: string, context: CallContext): Promise<Asked<TaskState>> {
    const answer = await this.#get(`/history/${encodeURIComponent(id)}`, context);
    return this.#read(answer, (body) => {
      const { data } = historySchema.safeParse(body);
      if (data === undefined) return undefined;
      const entry = data[id];
      return entry === undefined ? { kind: 'gone' } : { kind: 'ended', entry };
    });
  }

  #get(path: string, { signal }: CallContext, maxBytes?: number): Promise<CallAnswer> {
    const { fetch } = this.#config;
    const url = `${this.baseUrl}${path}`;
    const bound = maxBytes === undefined ? {} : { maxBytes };
    return call({ fetch, method: 'GET', url, headers: this.#headers, signal, ...bound });
  }

  #post(path: string, body: unknown, { signal }: CallContext): Promise<CallAnswer> {
    const { fetch } = this.#config;
    const type = body instanceof FormData ? {} : { 'content-type': 'application/json' };
    const headers = { ...this.#headers, ...type };
    return call({ fetch, method: 'POST', url: `${this.baseUrl}${path}`, headers, body, signal });
  }

  #read<Result>(answer: CallAnswer, read: (body: unknown) => Result | undefined): Asked<Result> {
    if (answer.kind === 'lost') return { failure: lostFailure(answer) };
    if (answer.status !== 200) {
      return { failure: answerFailure(answer, this.#config.clock.now()) };
    }
    const result = read(jsonOf(answer));
    return result === undefined ? { failure: UNREADABLE } : { answer: result };
  }
}

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };
