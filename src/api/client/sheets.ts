/** Sheets, looked at before anything is made of them. */
import type { readSheetRoute } from '../routes/sheets.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint } from './endpoint.ts';

export type ReadSheet = Answer<typeof readSheetRoute>;

export function sheetsOf(caller: Caller) {
  return {
    /** Its columns, first rows and problems; `columnMap`: heading → meaning, '' for none. */
    read: (
      sheet: Blob | File,
      columnMap: Readonly<Record<string, string>> = {},
      options?: CallOptions,
    ) => {
      const form = new FormData();
      form.set('sheet', sheet, 'name' in sheet ? sheet.name : 'sheet.csv');
      form.set('column_map', JSON.stringify(columnMap));
      return caller.call(endpoint<typeof readSheetRoute>('post', '/v1/sheets'), { form }, options);
    },
  };
}
