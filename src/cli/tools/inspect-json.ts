/** What `tools inspect --json` prints: everything, as it stands in the files. */
import { inspectionJson } from '../../api/json/inspection-json.ts';
import type { FileInspection } from '../../engine/core/file-report.ts';

export function inspectJson(
  found: readonly { readonly file: string; readonly inspection: FileInspection }[],
  exitCode: number,
) {
  return {
    files: found.map(({ file, inspection }) =>
      inspection.kind === 'unusable'
        ? { file, error: inspection.reason }
        : { file, ...inspectionJson(inspection.report) },
    ),
    exit_code: exitCode,
  };
}
