import { isoTime } from '../../engine/core/iso-time.ts';
import type { NamedReference } from '../../engine/core/reference.ts';

/** No path of the machine is told: of a file that was read there, only its name. */
export function apiReferenceJson(reference: NamedReference) {
  const { name, hash, mediaType, width, height, bytes, source, addedAt } = reference;
  return {
    name,
    hash,
    media_type: mediaType,
    width,
    height,
    bytes,
    source: /^https?:/i.test(source) ? source : (source.split(/[/\\]/).at(-1) ?? ''),
    url: `/v1/references/${encodeURIComponent(name)}/picture`,
    added_at: isoTime(addedAt),
  };
}
