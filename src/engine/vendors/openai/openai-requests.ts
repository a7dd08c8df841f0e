/** The bodies of OpenAI's image requests, the same for a live call and for a line of a batch. */
import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images';
import { formatSize } from '../../core/size.ts';
import type { LaneRequest, Reference } from '../vendor.ts';

/** A request with references is an edit; these are two endpoints. */
export type OpenaiEndpoint = '/v1/images/generations' | '/v1/images/edits';

export function endpointOf(request: LaneRequest): OpenaiEndpoint {
  return request.references.length === 0 ? '/v1/images/generations' : '/v1/images/edits';
}

export function generateBody(request: LaneRequest): ImageGenerateParamsNonStreaming {
  return {
    model: request.model,
    prompt: request.prompt,
    n: request.count,
    size: formatSize(request.size),
    quality: request.quality,
    output_format: request.format,
  };
}

/** The JSON form of edits (`EditImageBodyJsonParam`), which the client's own method does not write. */
export function editBody(request: LaneRequest): Record<string, unknown> {
  return { ...generateBody(request), images: request.references.map(imageOf) };
}

function imageOf(reference: Reference): { file_id: string } | { image_url: string } {
  return reference.kind === 'uploaded'
    ? { file_id: reference.handle }
    : { image_url: addressOf(reference) };
}

function addressOf(reference: Exclude<Reference, { kind: 'uploaded' }>): string {
  if (reference.kind === 'url') return reference.url;
  return `data:${reference.mediaType};base64,${Buffer.from(reference.bytes).toString('base64')}`;
}
