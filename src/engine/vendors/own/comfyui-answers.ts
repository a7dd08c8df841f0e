/** What ComfyUI's answers mean, and their shapes, as far as they are read. */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { Answered, LaneRequest } from '../vendor.ts';

/** The ended task in our words: its pictures' addresses on the server, or why it has none. */
export function readEntry(
  { status, outputs }: HistoryEntry,
  request: LaneRequest,
  baseUrl: string,
): Answered | { readonly failure: Failure } {
  if (status?.status_str === 'error') return { failure: taskFailure(status.messages) };
  const files = Object.values(outputs).flatMap(({ images }) => images ?? []);
  const saved = files.filter(({ type }) => type === 'output');
  // Pictures that are only previewed lie in the folder for temporary files.
  const taken = (saved.length > 0 ? saved : files).slice(0, request.count);
  if (taken.length === 0) return { failure: NO_PICTURE };
  return {
    kind: 'answered',
    images: taken.map(({ filename, subfolder, type }, index) => {
      const query = new URLSearchParams({ filename, subfolder, type });
      const url = `${baseUrl}/view?${query.toString()}`;
      return { index, kind: 'image', source: { kind: 'url', url } };
    }),
  };
}

const NO_PICTURE: Failure = {
  kind: 'task-failed',
  words: 'The workflow ended without a picture: let it end in a node that saves one.',
};

function taskFailure(messages: readonly Message[]): Failure {
  const error = messages.find(([name]) => name === 'execution_error')?.[1];
  if (error === undefined) {
    const isInterrupted = messages.some(([name]) => name === 'execution_interrupted');
    const words = isInterrupted ? 'The task was interrupted on the server.' : 'The task failed.';
    return { kind: 'task-failed', words };
  }
  const { node_type, exception_type, exception_message } = error;
  const parts = [node_type, exception_type, exception_message?.trim()];
  return { kind: 'task-failed', words: parts.filter(Boolean).join(': ') || 'The task failed.' };
}

/**
 * Why the workflow itself was refused; `undefined` for an error that is not the queue's own. A node, a
 * file or an output that is not there will be missing for every further request as well.
 */
export function whyRejected(body: unknown): Failure | undefined {
  const parsed = rejectedSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { error, node_errors } = parsed.data;
  const nodes = Object.values(node_errors).flatMap(({ class_type, errors }) =>
    errors.map(({ type, message, details }) => ({
      type,
      words: [class_type, message, details].filter(Boolean).join(': '),
    })),
  );
  const words = [error.message, error.details, ...nodes.map((node) => node.words)];
  const isOfAll = [error, ...nodes].some(({ type }) => OF_THE_WORKFLOW.has(type));
  return {
    kind: isOfAll ? 'model-gone' : 'invalid-request',
    words: [...new Set(words)].filter(Boolean).join('; '),
  };
}

const OF_THE_WORKFLOW = new Set([
  'invalid_prompt',
  'missing_node_type',
  'no_prompt',
  'prompt_no_outputs',
  'required_input_missing',
  'value_not_in_list',
]);

/** The server's id of the task that carries our key. */
export function findByKey(
  key: string,
  queued: readonly Task[],
  history: History,
): string | undefined {
  const tasks = [...queued, ...Object.values(history).map((entry) => entry.prompt)];
  return tasks.find((task) => task?.key === key)?.id;
}

// The wire, as far as it is read.

/** Beside the workflow, in the data that the server keeps with a task. */
export const KEY_FIELD = 'imagemill_key';

/** `[number, id, workflow, extra data, …]`, in the queue and in the history. */
const taskSchema = z.array(z.unknown()).transform((parts) => {
  const extra = z.object({ [KEY_FIELD]: z.string() }).safeParse(parts[3]);
  return { id: String(parts[1]), key: extra.data?.[KEY_FIELD] };
});
export type Task = z.infer<typeof taskSchema>;

export const queueSchema = z
  .object({ queue_running: z.array(taskSchema), queue_pending: z.array(taskSchema) })
  .transform(({ queue_running, queue_pending }) => [...queue_running, ...queue_pending]);

const messageSchema = z.tuple([
  z.string(),
  z
    .object({
      node_type: z.string().nullish().catch(undefined),
      exception_type: z.string().nullish().catch(undefined),
      exception_message: z.string().nullish().catch(undefined),
    })
    .catch({}),
]);
type Message = z.infer<typeof messageSchema>;

const entrySchema = z.object({
  prompt: taskSchema.optional().catch(undefined),
  outputs: z
    .record(
      z.string(),
      z.object({
        images: z
          .array(
            z.object({
              filename: z.string(),
              subfolder: z.string().catch(''),
              type: z.string().catch('output'),
            }),
          )
          .optional()
          .catch(undefined),
      }),
    )
    .catch({}),
  status: z
    .object({ status_str: z.string(), messages: z.array(messageSchema).catch([]) })
    .nullish()
    .catch(undefined),
});
export type HistoryEntry = z.infer<typeof entrySchema>;

export const historySchema = z.record(z.string(), entrySchema);
export type History = z.infer<typeof historySchema>;

export const acceptedSchema = z.object({ prompt_id: z.string().min(1) });
export const uploadedSchema = z.object({
  name: z.string().min(1),
  subfolder: z.string().nullish(),
});

const text = z.string().catch('');
const rejectedSchema = z.object({
  error: z.object({ type: z.string(), message: text, details: text }),
  node_errors: z
    .record(
      z.string(),
      z.object({
        class_type: text,
        errors: z.array(z.object({ type: text, message: text, details: text })).catch([]),
      }),
    )
    // No node is at fault: an empty list in the place of the table.
    .catch({}),
});
