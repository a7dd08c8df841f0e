/** What a check found, in words and as JSON. Pure. */
import {
  type CheckFinding,
  type CheckFindingKind,
  FINDING_KINDS,
  FINDING_WEIGHTS,
  findingText,
} from '../../engine/core/check-finding.ts';
import { formatName } from '../../engine/core/media-type.ts';
import type { CheckReport, FoundPicture } from '../../engine/engine-types.ts';
import { countText, plural } from '../amount-text.ts';
import { printable } from '../printable-text.ts';
import type { Colours } from '../screen.ts';
import { textTable } from '../text-table.ts';

/** Pictures shown of each kind of finding. */
const MOST_SHOWN = 8;

const TITLES: Readonly<Record<CheckFindingKind, string>> = {
  'missing-file': 'Missing',
  unreadable: 'Unreadable',
  broken: 'Broken',
  'changed-file': 'Changed since delivery',
  'broken-credentials': 'Broken content credentials',
  'wrong-size': 'Wrong size',
  blank: 'Blank',
  screened: 'Flagged for review',
  'exact-duplicate': 'Exact duplicates',
  'near-duplicate': 'Near-duplicates',
  'low-detail': 'Low detail',
  unmarked: 'Marks of origin gone',
  stray: 'Of no row of the run',
  'wrong-extension': 'Named as another format',
  unread: 'Not looked into',
  large: 'Unexpectedly large',
  animated: 'Animated',
  cmyk: 'CMYK',
  deep: 'More than 8 bits',
  turned: 'Turned by EXIF',
};

/** Grouped by what was found, the worst first; at most `most` pictures of each group. */
export function checkLines(
  report: CheckReport,
  colours: Colours,
  most: number = MOST_SHOWN,
): string[] {
  const groups = FINDING_KINDS.filter((kind) => report.counts[kind] > 0);
  const lines = groups.flatMap((kind) => groupLines(report, kind, most, colours));
  const isCut = groups.some((kind) => report.counts[kind] > most);
  return [
    summary(report, colours),
    '',
    ...lines,
    ...(isCut && report.reportFile === undefined
      ? ['--all lists everything; --report FILE.csv writes it down.', '']
      : []),
    ...endLines(report, colours),
  ];
}

function summary({ pictures, failed, flagged }: CheckReport, colours: Colours): string {
  const mark =
    failed > 0 ? colours.red('✘') : flagged > 0 ? colours.yellow('●') : colours.green('✔');
  const said = [
    ...(failed > 0 ? [`${countText(failed)} failed`] : []),
    ...(flagged > 0 ? [`${countText(flagged)} flagged`] : []),
  ];
  const rest = said.length === 0 ? 'none failed, none flagged' : said.join(', ');
  return `${mark} ${colours.bold(plural(pictures, 'picture'))} looked at: ${rest}`;
}

function groupLines(
  { found, counts }: CheckReport,
  kind: CheckFindingKind,
  most: number,
  colours: Colours,
): string[] {
  const rows: string[][] = [];
  for (const picture of found) {
    for (const finding of picture.findings) {
      if (finding.kind === kind && rows.length < most) rows.push(rowOf(picture, finding));
    }
  }
  const more = counts[kind] - rows.length;
  const colour = { fails: colours.red, flags: colours.yellow, notes: colours.dim };
  const title = `${TITLES[kind]} (${countText(counts[kind])})`;
  const [, ...table] = textTable([{ title: '' }, { title: '' }, { title: '' }], rows);
  return [
    colour[FINDING_WEIGHTS[kind]](title),
    ...table.map((row) => `  ${row}`),
    ...(more > 0 ? [colours.dim(`  and ${countText(more)} more`)] : []),
    '',
  ];
}

function rowOf({ file, row, index, check }: FoundPicture, finding: CheckFinding): string[] {
  const image = index === undefined || index === 1 ? '' : ` image ${index}`;
  const about = row === undefined ? formatOf(check) : `row ${row}${image}`;
  return [printable(file), about, printable(findingText(finding))];
}

function formatOf(check: FoundPicture['check']): string {
  return check?.mediaType === undefined ? '' : formatName(check.mediaType);
}

function endLines(report: CheckReport, colours: Colours): string[] {
  const { screened, counts, reportFile, flagsChanged, resultsProblem, runId } = report;
  return [
    ...(screened
      ? [
          `Screened: ${plural(counts.screened, 'picture')} flagged for review. That a picture is not flagged says nothing about it.`,
        ]
      : []),
    ...(flagsChanged !== undefined && flagsChanged > 0 && resultsProblem === undefined
      ? [
          `Flags of ${plural(flagsChanged, 'image')} of ${runId} changed (column flags of results.csv)`,
        ]
      : []),
    ...(resultsProblem === undefined
      ? []
      : [colours.yellow(`The flags are kept, but results.csv is as it was. ${resultsProblem}`)]),
    ...(reportFile === undefined ? [] : [`${colours.dim('Report')}  ${printable(reportFile)}`]),
  ];
}

/** What is not known is null. Every picture of which something was found is listed. */
export function checkJson(report: CheckReport, exitCode: number) {
  const { jobId, runId, screened, pictures, failed, flagged, counts, found } = report;
  return {
    job: jobId,
    run: runId ?? null,
    pictures,
    failed,
    flagged,
    screened,
    counts: Object.fromEntries(
      FINDING_KINDS.filter((kind) => counts[kind] > 0).map((kind) => [kind, counts[kind]]),
    ),
    found: found.map(({ file, row, index, findings }) => ({
      file,
      row: row ?? null,
      index: index ?? null,
      findings: findings.map((finding) => ({ ...finding, text: findingText(finding) })),
    })),
    report: report.reportFile ?? null,
    flags_changed: report.flagsChanged ?? null,
    results_problem: report.resultsProblem ?? null,
    exit_code: exitCode,
  };
}
