/**
 * ComfyUI: a workflow of the user's is put into the server's queue under an id of ours, asked for until it
 * is in the history, and its pictures are read from the server's folder. So a lost answer is found again.
 */
import type { Failure } from '../../core/failure.ts';
import { findByKey, readEntry } from './comfyui-answers.ts';
import { ComfyuiServer } from './comfyui-server.ts';
import { fillWorkflow, promptIdOf, workflowFailure } from './comfyui-workflow.ts';
import type { ComfyuiVendor, ConfiguredLaneConfig } from './configured-vendor.ts';
import { failed } from '../failures.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { Accepted, CallContext, LaneRequest, VendorLane } from '../vendor.ts';

/** A picture takes seconds to minutes, and the server is usually in the same room. */
const POLL_AFTER_MS = 500;
/** Ended tasks that are searched for our key, on servers that give ids of their own. */
const MOST_SEARCHED = 256;

/** `baseUrl` is the server's root: `http://127.0.0.1:8188`. */
export function createComfyuiLane(config: ConfiguredLaneConfig<ComfyuiVendor>): VendorLane {
  const { name, vendor, apiKey } = config;
  const server = new ComfyuiServer(config);
  const scrub = scrubber(apiKey);
  return {
    vendor: name,
    account: accountOf(name, server.baseUrl, apiKey),
    async submit(request, context) {
      const unfit = workflowFailure(vendor, request);
      if (unfit !== undefined) return failed(unfit, scrub);
      const handles = await handlesOf(server, request, context);
      if ('failure' in handles) return failed(handles.failure, scrub);
      const workflow = fillWorkflow(vendor, request, handles);
      const ordered = await server.order(request.key, workflow, context);
      return ordered.failure === undefined
        ? accepted(ordered.answer)
        : failed(ordered.failure, scrub);
    },
    async poll(ref, request, context) {
      const asked = await server.stateOf(ref, context);
      if (asked.failure !== undefined) return failed(asked.failure, scrub);
      if (asked.answer.kind === 'waiting') return { kind: 'pending', pollAfterMs: POLL_AFTER_MS };
      if (asked.answer.kind === 'gone') return failed(FORGOTTEN, scrub);
      const ended = readEntry(asked.answer.entry, request, server.baseUrl);
      return 'failure' in ended ? failed(ended.failure, scrub) : ended;
    },
    /**
     * By the id that we gave it or, on servers that give their own, by our key beside the workflow. What
     * a server forgot by a restart is not found, and made again: it costs the user's own machine time.
     */
    async find(request, context) {
      const id = promptIdOf(request.key);
      const asked = await server.stateOf(id, context);
      if (asked.failure !== undefined) return failed(asked.failure, scrub);
      if (asked.answer.kind !== 'gone') return accepted(id);
      const queued = await server.queue(context);
      if (queued.failure !== undefined) return failed(queued.failure, scrub);
      const ended = await server.history(MOST_SEARCHED, context);
      if (ended.failure !== undefined) return failed(ended.failure, scrub);
      const named = findByKey(request.key, queued.answer, ended.answer);
      return named === undefined ? { kind: 'nothing' } : accepted(named);
    },
    fetch: (url, context) => server.picture(url, context),
    async uploadReference(reference, context) {
      const uploaded = await server.upload(reference, context);
      return uploaded.failure === undefined
        ? { kind: 'uploaded', handle: uploaded.answer }
        : failed(uploaded.failure, scrub);
    },
  };
}

const FORGOTTEN: Failure = {
  kind: 'unknown',
  words: 'The server does not know the task any more: it was restarted, or its history cleared.',
};
const NO_ADDRESSES: Failure = {
  kind: 'invalid-request',
  words: 'This server takes reference pictures as files only, not by address.',
};

function accepted(id: string): Accepted {
  return { kind: 'accepted', ref: id, pollAfterMs: POLL_AFTER_MS };
}

/** The server's names of the references; those it does not have yet are sent to it. */
async function handlesOf(
  server: ComfyuiServer,
  request: LaneRequest,
  context: CallContext,
): Promise<readonly string[] | { readonly failure: Failure }> {
  const handles: string[] = [];
  for (const reference of request.references) {
    if (reference.kind === 'url') return { failure: NO_ADDRESSES };
    if (reference.kind === 'uploaded') {
      handles.push(reference.handle);
      continue;
    }
    const uploaded = await server.upload(reference, context);
    if (uploaded.failure !== undefined) return { failure: beforeTheOrder(uploaded.failure) };
    handles.push(uploaded.answer);
  }
  return handles;
}

/** Whatever became of the file: the task was not ordered. */
function beforeTheOrder(failure: Failure): Failure {
  return failure.kind === 'unknown' ? { kind: 'overloaded', words: failure.words } : failure;
}
