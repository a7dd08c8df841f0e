/** The form that a sheet comes in, as the OpenAPI document describes it. It is read as it streams in. */
const BINARY = { type: 'string', format: 'binary' } as const;

/** Instead of files, what was sent piece by piece. */
export const uploadTexts = {
  upload: { type: 'string' as const, description: 'Id of an upload, in place of the sheet.' },
  uploads: {
    type: 'string' as const,
    description: 'As JSON: ids of uploads of pictures.',
    example: '["up_k7m2p9qx4abc"]',
  },
};

/** `isRun`: with what a run has beside its sheet. */
export function sheetForm({ isRun }: { readonly isRun: boolean }) {
  return {
    type: 'object' as const,
    properties: {
      sheet: {
        ...BINARY,
        description:
          'CSV, TSV, XLSX, JSON, JSONL or text: one row for each prompt. Or name its `upload`.',
      },
      ...uploadTexts,
      pictures: {
        type: 'array' as const,
        items: BINARY,
        description:
          'References that the sheet names, under the names that it has for them; folders count.',
      },
      styles: { ...BINARY, description: 'Sheet with the columns name, prompt, negative_prompt.' },
      settings: {
        type: 'string' as const,
        description: 'As JSON: RunSettings.',
        example: '{"models":["auto"],"count":2}',
      },
      ...(isRun && {
        title: { type: 'string' as const, maxLength: 200 },
        approve: { type: 'string' as const, enum: ['true', 'false'] },
        plan_hash: { type: 'string' as const, pattern: '^[0-9a-f]{64}$' },
      }),
    },
  };
}
