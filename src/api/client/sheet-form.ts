/** A sheet with its pictures as the form that the API takes. */
import type { createRunRoute } from '../routes/runs.ts';
import type { JsonInputOf } from './endpoint.ts';

type NewRun = JsonInputOf<typeof createRunRoute>;

export interface SheetUpload extends Pick<NewRun, 'title' | 'approve' | 'plan_hash' | 'settings'> {
  /** CSV, TSV, XLSX, JSON, JSONL or text; a `File` says which by its name. Or the id of an upload. */
  readonly sheet: Blob | File | string;
  /** References, under the names that the sheet has for them. */
  readonly pictures?: readonly File[];
  readonly styles?: Blob | File;
}

/** The file itself, or the id of an upload. */
export function setSheet(form: FormData, sheet: SheetUpload['sheet']): void {
  if (typeof sheet === 'string') form.set('upload', sheet);
  else form.set('sheet', sheet, 'name' in sheet ? sheet.name : 'sheet.csv');
}

export function sheetForm({
  sheet,
  pictures = [],
  styles,
  settings,
  ...more
}: SheetUpload): FormData {
  const form = new FormData();
  setSheet(form, sheet);
  for (const picture of pictures) form.append('pictures', picture, picture.name);
  if (styles !== undefined)
    form.set('styles', styles, 'name' in styles ? styles.name : 'styles.csv');
  if (settings !== undefined) form.set('settings', JSON.stringify(settings));
  for (const [name, value] of Object.entries(more)) {
    if (value !== undefined) form.set(name, String(value));
  }
  return form;
}
