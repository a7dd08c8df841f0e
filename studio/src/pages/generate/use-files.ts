/** Files that are dropped or chosen: sheets become rows, pictures become references, a file of styles becomes styles. */
import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { toast } from '@heroui/react';
import { ApiError, client } from '../../client.ts';
import { sentSheet } from '../../live/sheet-upload.ts';
import { errorText } from '../../parts/error-text.ts';
import { useReferenceUpload } from '../../parts/use-reference-upload.ts';
import { isUntouched, type Style } from '../../parts/draft/draft.ts';
import { sourceOfSheet, withReference, withUploaded } from './table.ts';
import { useDraft } from './use-draft.tsx';

export const TAKEN = ['.csv', '.tsv', '.xlsx', '.json', '.jsonl', '.ndjson', '.txt', 'image/*'];

export function useFiles() {
  const { draft, step, change, set, undo } = useDraft();
  const { upload, progress } = useReferenceUpload();
  /** Of a large sheet that is going up: from 0 to 1. */
  const [share, setShare] = useState<number>();

  const readSheet = useMutation({
    meta: { showsErrors: true },
    mutationFn: async (file: File) => ({
      file,
      sheet: await client.sheets.read(await sentSheet(file, setShare)),
    }),
    onSettled: () => setShare(undefined),
    onSuccess: ({ file, sheet }) => {
      const isInstead = !isUntouched(draft);
      step(() => sourceOfSheet(sheet, file));
      for (const warning of sheet.warnings) toast.warning(warning);
      if (!isInstead) return;
      toast.success(`${sheet.sheet} is here instead of what was there before`, {
        actionProps: { children: 'Undo', onPress: undo },
      });
    },
    onError: (error, file) => {
      const { title, detail } = errorText(error);
      toast.danger(`${file.name} cannot be used`, {
        description: detail || title,
        timeout: 15_000,
      });
    },
  });

  const readStyles = useMutation({
    mutationFn: async (file: File) => stylesOf(await client.sheets.read(file), file.name),
    onSuccess: (styles) => {
      const names = new Set(styles.map(({ name }) => name));
      change({ styles: [...draft.styles.filter(({ name }) => !names.has(name)), ...styles] });
      toast.success(styles.length === 1 ? '1 style is here' : `${styles.length} styles are here`);
    },
  });

  /** `rowId`: dropped onto that row; else they are for the cells that name them, or for every row. */
  const addPictures = async (files: readonly File[], rowId: number | undefined) => {
    const forAll: string[] = [];
    for (const { name, source: file } of await upload(files)) {
      const reference = `@${name}`;
      const { source } = draft;
      const isNamed =
        source.kind === 'table' && withUploaded(source, file, reference) !== undefined;
      if (source.kind !== 'table' || (rowId === undefined && !isNamed)) forAll.push(reference);
      else {
        step((now) => {
          if (now.kind !== 'table') return now;
          if (rowId !== undefined) return withReference(now, rowId, reference);
          return withUploaded(now, file, reference) ?? now;
        });
      }
    }
    if (forAll.length === 0) return;
    set({ images: [...new Set([...(draft.settings.images ?? []), ...forAll])] });
    toast.success(`${forAll.join(', ')}: for every row without a picture of its own`, {
      description: 'Drop a picture onto a row to use it there only.',
    });
  };

  const take = (files: readonly File[], rowId?: number) => {
    const pictures = files.filter(({ type }) => type.startsWith('image/'));
    const others = files.filter((file) => !pictures.includes(file));
    const styles = others.filter(({ name }) => /style/i.test(name));
    const [sheet] = others.filter((file) => !styles.includes(file));
    if (sheet !== undefined) readSheet.mutate(sheet);
    for (const file of styles) readStyles.mutate(file);
    if (pictures.length > 0) void addPictures(pictures, rowId);
  };

  return { take, readSheet, readStyles, progress, share };
}

function stylesOf(
  sheet: Awaited<ReturnType<typeof client.sheets.read>>,
  file: string,
): readonly Style[] {
  const headings = sheet.columns.map(({ heading }) =>
    heading.toLowerCase().replaceAll(/[\s_-]/g, ''),
  );
  const [name, prompt, negative] = ['name', 'prompt', 'negativeprompt'].map((each) =>
    headings.indexOf(each),
  ) as [number, number, number];
  if (name === -1 || prompt === -1) {
    throw new ApiError(`${file} is no file of styles: it needs the columns name and prompt.`, {
      code: 'invalid',
      status: 422,
    });
  }
  return sheet.rows
    .map(({ cells }) => ({
      name: (cells[name] ?? '').trim(),
      prompt: (cells[prompt] ?? '').trim(),
      negative: (cells[negative] ?? '').trim(),
    }))
    .filter((style) => style.name !== '');
}
