/** Sheets that were looked at, as they travel; `json/sheet-json.ts` makes them. */
import { problemDetailSchema } from '../problem.ts';
import { readJson } from '../read-json.ts';
import { z } from '../zod.ts';
import { runSettingsSchema } from './run-settings.ts';
import { uploadFields, uploadFormFields } from './uploads.ts';

export const sheetSchema = z
  .object({
    sheet: z.string().openapi({ description: "The sheet's name.", example: 'prompts.csv' }),
    columns: z.array(
      z.object({
        heading: z.string().openapi({ example: 'prompt' }),
        meaning: z.string().nullable().openapi({
          description: 'What its cells are read as; null: nothing.',
          example: 'prompt',
        }),
      }),
    ),
    rows: z
      .array(
        z.object({
          row: z.int().openapi({ description: 'From 1; empty rows do not count.' }),
          line: z.int().openapi({ description: 'Line of the file.' }),
          cells: z.array(z.string()).openapi({ example: ['a red boat'] }),
        }),
      )
      .openapi({ description: 'The first 5,000, or fewer of long ones; cells by their columns.' }),
    row_count: z.int().openapi({ description: 'Of the whole sheet.' }),
    is_whole: z.boolean().openapi({ description: 'All rows are among `rows`.' }),
    problems: z
      .array(problemDetailSchema.extend({ row: z.int().optional() }))
      .openapi({ description: 'The first 1,000.' }),
    problem_count: z.int(),
    warnings: z.array(z.string()),
  })
  .openapi('Sheet');

const columnMapSchema = runSettingsSchema.shape.column_map.unwrap();

/** Texts of the form. */
export const sheetFormSchema = z.strictObject({
  column_map: z.string().max(1_000_000).default('{}').transform(readJson).pipe(columnMapSchema),
  ...uploadFormFields,
});

/** A sheet that was sent piece by piece. */
export const uploadedSheetSchema = z
  .strictObject({
    upload: uploadFields.upload.unwrap(),
    uploads: uploadFields.uploads,
    column_map: columnMapSchema.default({}),
  })
  .openapi('UploadedSheet');
