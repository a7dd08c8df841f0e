/** All that a picture's file says of itself, as the command line and the API tell it. */
import type { FileReport } from '../../engine/core/file-report.ts';
import { asSent } from './mutable.ts';

export function inspectionJson(report: FileReport) {
  const { picture, marks, decoding, sourceType, tellsPlace, xmp, ...others } = report;
  const { iptc, exif, texts, credentials, origins, ...file } = others;
  return asSent({
    ...file,
    format: picture.format,
    width: picture.width,
    height: picture.height,
    colour_space: picture.colourSpace,
    colour_profile: picture.colourProfile ?? null,
    bits: picture.bits,
    channels: picture.channels,
    alpha: picture.hasAlpha,
    frames: picture.frames,
    orientation: picture.orientation ?? null,
    decodes: decoding.kind,
    decodes_reason: decoding.kind === 'whole' ? null : decoding.reason,
    source_type: sourceType ?? null,
    marks: marks ?? null,
    tells_place: tellsPlace,
    xmp,
    iptc,
    exif,
    texts,
    credentials,
    known: origins,
  });
}
