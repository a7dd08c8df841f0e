import { defineRoute, json } from '../define-route.ts';
import { sheetSchema, uploadedSheetSchema } from '../schemas/sheet.ts';
import { uploadTexts } from '../sheet-form.ts';

const BINARY = { type: 'string', format: 'binary' } as const;

export const readSheetRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/sheets',
    tags: ['runs'],
    operationId: 'readSheet',
    summary: 'What a sheet says, and what is wrong with it',
    description:
      'Its columns with their meanings, its first rows as they are written, and all problems. Spends nothing and keeps nothing. References by path are found among the pictures of the form.',
    request: {
      body: {
        description: 'A form with a sheet, or an upload by its id.',
        content: {
          ...json(uploadedSheetSchema, '').content,
          'multipart/form-data': {
            schema: {
              type: 'object' as const,
              properties: {
                sheet: {
                  ...BINARY,
                  description: 'CSV, TSV, XLSX, JSON, JSONL or text: one row for each prompt.',
                },
                ...uploadTexts,
                pictures: {
                  type: 'array' as const,
                  items: BINARY,
                  description: 'References that the sheet names, under the names that it has.',
                },
                column_map: {
                  type: 'string' as const,
                  description: 'As JSON: heading → meaning; an empty one ignores the column.',
                  example: '{"text":"prompt"}',
                },
              },
            },
          },
        },
      },
    },
    responses: { 200: json(sheetSchema, 'The sheet.') },
  },
);
