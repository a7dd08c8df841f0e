/** What the files of an item may be called: all take their names from one stem. */
import type { FinishedFile } from '../core/finisher.ts';
import { ORIGINAL_OUTPUT } from '../core/finishing.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import { FILE_ENDINGS } from './file-endings.ts';
import { fileName } from './file-name.ts';
import { ORIGINALS_FOLDER } from './own-names.ts';
import { possibleNames } from './unique-name.ts';

export interface StemFacts {
  /** Its file, if it has one or one was begun, gives the first stem. */
  readonly record: ItemRecord;
  readonly run: RunFacts;
  readonly nameTemplate: string;
  /** Rows of the sheet, for the padding of `{row}`. */
  readonly rows?: number;
}

type NamedOutput = Pick<FinishedFile, 'output' | 'format'>;

/** Names without output and extension, best first. */
export function* possibleStems(facts: StemFacts, own: NamedOutput): Generator<string> {
  const { record, run, nameTemplate, rows } = facts;
  const extension = FILE_ENDINGS[own.format];
  const ending = own.output === undefined ? '' : `-${own.output}`;
  const known = record.file ?? record.begun?.file;
  if (known !== undefined) {
    const stem = withoutExtension(known);
    if (stem.endsWith(ending)) yield stem.slice(0, stem.length - ending.length);
  }
  const named = { record, run, extension, ...(rows === undefined ? {} : { rows }) };
  for (const name of possibleNames(fileName(nameTemplate, named), record.itemId)) {
    yield withoutExtension(name);
  }
}

/** The name of one of an item's files. */
export function nameOfFile(stem: string, { output, format }: NamedOutput): string {
  const extension = FILE_ENDINGS[format];
  if (output === ORIGINAL_OUTPUT) return `${ORIGINALS_FOLDER}/${stem}.${extension}`;
  return `${stem}${output === undefined ? '' : `-${output}`}.${extension}`;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}
