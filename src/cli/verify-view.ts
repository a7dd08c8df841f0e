/** What `verify` found, in words and as JSON. Pure. */
import { bytesText } from './bytes-text.ts';
import type { FindingKind, Verification } from '../engine/engine-types.ts';
import { countText, plural } from './amount-text.ts';
import { printable } from './printable-text.ts';
import type { Colours } from './screen.ts';

/** More are in the JSON. */
const MOST_FINDINGS = 50;
const MOST_EXTRA = 10;

const WORDS: Readonly<Record<FindingKind, string>> = {
  missing: 'missing',
  cut: 'cut short',
  changed: 'changed',
  unsafe: 'not looked at',
  unreadable: 'unreadable',
};

export function verifyView(verification: Verification, colours: Colours): string[] {
  const { path, files, bytes, found, findings, extra, extraFiles } = verification;
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(WORDS)
    .map(([kind, words]) => ({ words, count: found[kind as FindingKind] }))
    .filter(({ count }) => count > 0)
    .map(({ words, count }) => `${countText(count)} ${words}`);
  const sound = `${plural(files, 'file')} (${bytesText(bytes)}) as delivered`;
  return [
    total === 0
      ? `${colours.green('✔')} ${path}: ${sound}`
      : `${colours.red('✘')} ${path}: ${kinds.join(', ')}; ${sound}`,
    ...findings
      .slice(0, MOST_FINDINGS)
      .map(
        ({ file, kind, reason }) =>
          `  ${colours.red(WORDS[kind])}  ${printable(file)}: ${printable(reason)}`,
      ),
    ...more(total, MOST_FINDINGS),
    ...(extra === 0
      ? []
      : [colours.dim(`  ${plural(extra, 'other file')} that nobody knows (no fault):`)]),
    ...extraFiles.slice(0, MOST_EXTRA).map((file) => colours.dim(`    ${printable(file)}`)),
    ...more(extra, MOST_EXTRA),
  ];
}

function more(count: number, shown: number): string[] {
  return count > shown ? [`  … and ${countText(count - shown)} more (with --json)`] : [];
}

export function verifyJson(verifications: readonly Verification[], exitCode: number) {
  return {
    sound: exitCode === 0,
    checked: verifications.map(({ path, kind, files, bytes, found, extra }) => ({
      path,
      kind,
      files,
      bytes,
      found,
      extra,
    })),
    problems: verifications.flatMap(({ path, findings }) =>
      findings.map(({ file, kind, reason }) => ({ path, file, kind, reason })),
    ),
    extra: verifications.flatMap(({ path, extraFiles }) =>
      extraFiles.map((file) => ({ path, file })),
    ),
    exit_code: exitCode,
  };
}
