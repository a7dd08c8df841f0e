/** Styles: text around or after a prompt, by a name that rows give. */
import { Button } from '@heroui/react';
import { FileUp, Plus, X } from 'lucide-react';
import { ChooseFiles } from '../../parts/drop-files.tsx';
import type { Style } from '../../parts/draft/draft.ts';
import { ChoiceField, WordsField } from '../../parts/fields.tsx';
import { useDraft } from './use-draft.tsx';
import { useFiles } from './use-files.ts';

const NONE = '';

export function StylesEditor() {
  const { draft, change } = useDraft();
  const { readStyles } = useFiles();
  const { styles, style } = draft;
  const put = (at: number, to: Partial<Style>) =>
    change({ styles: styles.map((each, place) => (place === at ? { ...each, ...to } : each)) });
  const remove = (at: number) => change({ styles: styles.filter((_, place) => place !== at) });
  const named = styles.filter(({ name }) => name.trim() !== '');
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-muted">
        A style is put around the prompt at <code>{'{prompt}'}</code>, or behind it. Rows name one
        in a style column.
      </p>
      {named.length > 0 && draft.source.kind !== 'file' && (
        <ChoiceField
          className="max-w-xs"
          label="Style of rows that name none"
          value={style}
          choices={[
            { id: NONE, text: 'None' },
            ...named.map(({ name }) => ({ id: name, text: name })),
          ]}
          onChange={(id) => change({ style: id })}
        />
      )}
      <ul className="flex flex-col gap-3" aria-label="Styles">
        {styles.map((each, at) => (
          <li key={at} className="grid gap-2 sm:grid-cols-[9rem_1fr_1fr_auto] sm:items-end">
            <WordsField label="Name" value={each.name} onChange={(name) => put(at, { name })} />
            <WordsField
              label="Prompt"
              value={each.prompt}
              placeholder="{prompt}, watercolour on paper"
              onChange={(prompt) => put(at, { prompt })}
            />
            <WordsField
              label="Negative prompt"
              value={each.negative}
              onChange={(negative) => put(at, { negative })}
            />
            <Button
              isIconOnly
              variant="ghost"
              aria-label={`Delete the style ${each.name}`}
              onPress={() => remove(at)}
            >
              <X aria-hidden className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          variant="secondary"
          onPress={() => change({ styles: [...styles, { name: '', prompt: '', negative: '' }] })}
        >
          <Plus aria-hidden className="size-4" />
          Add a style
        </Button>
        <ChooseFiles
          accept={['.csv', '.tsv', '.xlsx', '.json']}
          isSingle
          onFiles={([file]) => file && readStyles.mutate(file)}
        >
          <FileUp aria-hidden className="size-4" />
          Open a styles file
        </ChooseFiles>
      </div>
    </div>
  );
}
