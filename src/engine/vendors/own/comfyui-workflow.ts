/** A user's ComfyUI workflow (in API format) filled for one request, and the names that we give there. */
import { createHash } from 'node:crypto';
import type { Failure } from '../../core/failure.ts';
import { type ComfyuiVendor, type JsonObject, optionsOf } from './configured-vendor.ts';
import {
  type PlaceholderValue,
  fillPlaceholders,
  placeholdersIn,
  valuesOf,
} from './placeholders.ts';
import type { LaneRequest, ReferenceBytes } from '../vendor.ts';

/** Places for reference pictures: `{{image_1}}`, `{{image_2}}`, … */
const IMAGE = /^image_([1-9]\d*)$/;

/** The workflow of a model; `*` stands for all that have none of their own. */
function workflowOf(vendor: ComfyuiVendor, wire: string): JsonObject | undefined {
  return vendor.workflows[wire] ?? vendor.workflows['*'];
}

/** What keeps a request from being filled into its workflow. */
export function workflowFailure(vendor: ComfyuiVendor, request: LaneRequest): Failure | undefined {
  const workflow = workflowOf(vendor, request.model);
  if (workflow === undefined) {
    const words = `No workflow is configured for "${request.model}". Name its file under workflows.`;
    return { kind: 'model-gone', words };
  }
  const words = problemOf(placesIn(workflow), request.references.length);
  return words === undefined ? undefined : { kind: 'invalid-request', words };
}

/** `handles`: the server's names of the request's references, in order. */
export function fillWorkflow(
  vendor: ComfyuiVendor,
  request: LaneRequest,
  handles: readonly string[],
): JsonObject {
  const images = handles.map((handle, index) => [`image_${index + 1}`, handle]);
  const values = {
    ...scalarsOf(optionsOf(vendor, request.model)),
    ...valuesOf(request),
    // A node cannot be left without an input.
    negative_prompt: request.negativePrompt ?? '',
    seed: request.seed ?? seedOf(request.key),
    ...Object.fromEntries(images),
  };
  return fillPlaceholders(workflowOf(vendor, request.model) ?? {}, values);
}

/** How many reference pictures a workflow has places for: the highest number in it. */
function placesIn(workflow: JsonObject): number {
  const numbers = [...placeholdersIn(workflow)].map((name) => Number(IMAGE.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

function problemOf(places: number, pictures: number): string | undefined {
  if (places === pictures) return undefined;
  const has = `The workflow has ${places} places for reference pictures ({{image_1}}, …)`;
  return `${has}, the row has ${pictures}. Use a workflow that fits the rows.`;
}

function scalarsOf(options: JsonObject): Record<string, PlaceholderValue> {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, PlaceholderValue] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}

/** 32 bits, which every sampler takes. The same key gives the same, so a second sending is the same task. */
function seedOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE();
}

/**
 * Our key as the server's id of the task: newer servers take a UUID in its canonical form and nothing
 * else. Version 8 is for such ids (RFC 9562, section 5.8).
 */
export function promptIdOf(key: string): string {
  const digits = createHash('sha256').update(`prompt ${key}`).digest('hex');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`];
  return [...parts, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}

/** Named by content, so that the same picture is kept once however often it is sent. */
export function uploadNameOf({ bytes, mediaType }: ReferenceBytes): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return `imagemill-${hash}.${mediaType.replace(/^.*\//, '')}`;
}
