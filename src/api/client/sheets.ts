/** Sheets, looked at before anything is made of them. */
import type { readSheetRoute } from '../routes/sheets.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint } from './endpoint.ts';
import { setSheet, type SheetUpload } from './sheet-form.ts';

export type ReadSheet = Answer<typeof readSheetRoute>;

export function sheetsOf(caller: Caller) {
  return {
    /** Its columns, first rows and problems; `columnMap`: heading → meaning, '' for none. */
    read: (
      sheet: SheetUpload['sheet'],
      columnMap: Readonly<Record<string, string>> = {},
      options?: CallOptions,
    ) => {
      const form = new FormData();
      setSheet(form, sheet);
      form.set('column_map', JSON.stringify(columnMap));
      return caller.call(endpoint<typeof readSheetRoute>('post', '/v1/sheets'), { form }, options);
    },
  };
}
