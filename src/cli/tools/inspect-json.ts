/** What `tools inspect --json` prints: everything, as it stands in the files. */
import type { FileInspection } from '../../engine/core/file-report.ts';

export function inspectJson(
  found: readonly { readonly file: string; readonly inspection: FileInspection }[],
  exitCode: number,
) {
  return {
    files: found.map(({ file, inspection }) =>
      inspection.kind === 'unusable'
        ? { file, error: inspection.reason }
        : { file, ...fileJson(inspection) },
    ),
    exit_code: exitCode,
  };
}

function fileJson({ report }: Extract<FileInspection, { kind: 'picture' }>) {
  const { picture, marks, decoding, sourceType, tellsPlace, xmp, ...others } = report;
  const { iptc, exif, texts, credentials, origins, ...file } = others;
  return {
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
  };
}
