/**
 * DashScope (Alibaba Cloud Model Studio), for the images of Wan: a task with an id of theirs. Tasks and
 * the pictures' signed addresses live for 24 hours.
 */
import { z } from 'zod';
import { classify, taskFailure } from './dashscope-errors.ts';
import { download } from '../download.ts';
import { failed, lostFailure } from '../failures.ts';
import { type WholeResponse, call, jsonOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { addressOf } from '../reference-address.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { Answered, Failed, LaneRequest, Pending, Reference, VendorLane } from '../vendor.ts';

const SUBMIT_PATH = '/api/v1/services/aigc/image-generation/generation';
const TASKS_PATH = '/api/v1/tasks';

/**
 * A picture takes 10 s to two minutes, and the vendor advises to ask every 5 to 10 s. It takes 20
 * questions a second from an account: the 128 tasks that a lane has in flight at most ask 18.3 times.
 * Where two models or processes pass that, a refused question is asked again later.
 */
const POLL_AFTER_MS = 7000;

/**
 * `baseUrl` is the host's root: `https://dashscope-intl.aliyuncs.com`. A key belongs to its region.
 *
 * There is no `find`: the vendor takes no id of ours. It lists the tasks of a day by time and model, but
 * with several requests in flight nothing says which of them is the lost one; one that was adopted
 * wrongly would be delivered under another row's name.
 */
export function createDashscopeLane(config: LaneConfig): VendorLane {
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(config.apiKey);
  const authorization = `Bearer ${config.apiKey}`;
  return {
    vendor: 'dashscope',
    account: accountOf('dashscope', baseUrl, config.apiKey),
    async submit(request, { signal }) {
      const answer = await call({
        fetch: config.fetch,
        method: 'POST',
        url: `${baseUrl}${SUBMIT_PATH}`,
        headers: {
          authorization,
          'content-type': 'application/json',
          'x-dashscope-async': 'enable',
        },
        body: taskBody(request),
        signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      const task = readTask(answer);
      if (!task) return failed(classify(answer, config.clock.now()), scrub);
      return { kind: 'accepted', ref: task.task_id, pollAfterMs: POLL_AFTER_MS };
    },
    async poll(ref, request, { signal }) {
      const answer = await call({
        fetch: config.fetch,
        method: 'GET',
        url: `${baseUrl}${TASKS_PATH}/${encodeURIComponent(ref)}`,
        // Without the header of the submit: asking is a synchronous call.
        headers: { authorization },
        signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      const task = readTask(answer);
      if (!task) return failed(classify(answer, config.clock.now()), scrub);
      const state = readState(task, request);
      return state.kind === 'failed' ? failed(state.failure, scrub) : state;
    },
    fetch: (url, context) => download(config, url, context),
  };
}

// The request.

function taskBody(request: LaneRequest): Record<string, unknown> {
  return {
    model: request.model,
    input: {
      messages: [
        {
          role: 'user',
          // The pictures first, in their order: a prompt speaks of them as "image 1", "image 2".
          content: [...request.references.map(imageOf), { text: request.prompt }],
        },
      ],
    },
    parameters: {
      size: `${request.size.width}*${request.size.height}`,
      // Always said: what is made without it depends on the interface, and up to 4 would be billed.
      n: request.count,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      watermark: false,
    },
  };
}

function imageOf(reference: Reference): { readonly image: string } {
  if (reference.kind !== 'bytes') return { image: addressOf(reference) };
  const base64 = Buffer.from(reference.bytes).toString('base64');
  return { image: `data:${reference.mediaType};base64,${base64}` };
}

// The answers.

function readTask(answer: WholeResponse): Task | undefined {
  if (answer.status !== 200) return undefined;
  const parsed = answerSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.output : undefined;
}

function readState(task: Task, request: LaneRequest): Answered | Pending | Failed {
  switch (task.task_status) {
    case 'PENDING':
    case 'RUNNING':
    case 'SUSPENDED':
      return { kind: 'pending', pollAfterMs: POLL_AFTER_MS };
    case 'SUCCEEDED':
      // Also when only some of the pictures were made; the others are not in it, and not billed.
      return { kind: 'answered', images: readImages(task, request) };
    case 'FAILED':
      return { kind: 'failed', failure: taskFailure(task) };
    case 'CANCELED':
      return { kind: 'failed', failure: { kind: 'task-failed', words: 'The task was cancelled.' } };
    case 'UNKNOWN':
      // Not known, or not any more: after 24 hours nobody can tell what became of it.
      return { kind: 'failed', failure: { kind: 'unknown', words: 'Task not found' } };
  }
  return task.task_status satisfies never;
}

function readImages(task: Task, request: LaneRequest): Answered['images'] {
  return (task.choices ?? [])
    .flatMap(({ message }) => message.content)
    .flatMap(({ image }) => (image ? [secured(image)] : []))
    .slice(0, request.count)
    .map((url, index) => ({ index, kind: 'image', source: { kind: 'url', url } }) as const);
}

/** Some results come with `http:` addresses; the object store takes their signature over https too. */
function secured(address: string): string {
  const url = URL.parse(address);
  if (url?.protocol !== 'http:' || !url.hostname.endsWith('.aliyuncs.com')) return address;
  return address.replace(/^http:/i, 'https:');
}

// The wire, as far as it is read.

/** A part of an answer's message: a picture, or words about it. */
const contentSchema = z.object({ image: z.string().nullish() });

const taskSchema = z.object({
  task_id: z.string().min(1),
  task_status: z.enum([
    'PENDING',
    'RUNNING',
    'SUSPENDED',
    'SUCCEEDED',
    'FAILED',
    'CANCELED',
    'UNKNOWN',
  ]),
  choices: z.array(z.object({ message: z.object({ content: z.array(contentSchema) }) })).nullish(),
  code: z.string().nullish(),
  message: z.string().nullish(),
});
type Task = z.infer<typeof taskSchema>;

const answerSchema = z.object({ output: taskSchema });
