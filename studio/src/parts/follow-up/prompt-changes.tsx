/** New words: of one image its prompt, of several a note or find and replace. */
import {
  Description,
  Input,
  Label,
  Radio,
  RadioGroup,
  Skeleton,
  TextArea,
  TextField,
} from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { followedItemQuery } from '../../queries/follow-ups.ts';
import { Picture } from '../picture.tsx';
import { type FollowUpDraft, PROMPT_WAYS, type PromptWay } from './follow-up-draft.ts';

export type ChangeDraft = (change: Partial<FollowUpDraft>) => void;

interface PromptProps {
  readonly draft: FollowUpDraft;
  readonly onChange: ChangeDraft;
}

export function OnePrompt({
  run,
  item,
  draft,
  onChange,
}: PromptProps & { readonly run: string; readonly item: string }) {
  const { data } = useQuery(followedItemQuery(run, item));
  if (data === undefined) return <Skeleton className="h-28 w-full rounded" />;
  const { thumbnail } = data.links;
  return (
    <div className="flex gap-3">
      {thumbnail !== null && (
        <div className="w-24 shrink-0 self-start overflow-hidden rounded sm:w-32">
          <Picture
            src={`${new URL(thumbnail).pathname}?width=192`}
            alt=""
            width={data.width ?? 1}
            height={data.height ?? 1}
          />
        </div>
      )}
      <TextField
        value={draft.prompt ?? data.given_prompt}
        onChange={(prompt) => onChange({ prompt })}
        fullWidth
      >
        <Label>Prompt</Label>
        <TextArea rows={5} className="w-full" variant="secondary" />
      </TextField>
    </div>
  );
}

const WAYS: Readonly<Record<PromptWay, string>> = {
  keep: 'As they are',
  note: 'Add a note',
  replace: 'Find and replace',
};

export function ManyPrompts({ draft, onChange }: PromptProps) {
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup
        value={draft.way}
        onChange={(way) => onChange({ way: PROMPT_WAYS.find((each) => each === way) ?? 'keep' })}
        orientation="horizontal"
      >
        <Label>Prompts</Label>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {PROMPT_WAYS.map((way) => (
            <Radio key={way} value={way} className="mt-0">
              <Radio.Content>
                <Radio.Control>
                  <Radio.Indicator />
                </Radio.Control>
                {WAYS[way]}
              </Radio.Content>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {draft.way === 'note' && (
        <Words
          label="Note"
          value={draft.note}
          onChange={(note) => onChange({ note })}
          description="It is put behind each prompt."
        />
      )}
      {draft.way === 'replace' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Words label="Find" value={draft.find} onChange={(find) => onChange({ find })} />
          <Words
            label="Replace with"
            value={draft.replaceWith}
            onChange={(replaceWith) => onChange({ replaceWith })}
          />
        </div>
      )}
    </div>
  );
}

interface WordsProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
}

function Words({ label, value, onChange, description }: WordsProps) {
  return (
    <TextField value={value} onChange={onChange} fullWidth>
      <Label>{label}</Label>
      <Input variant="secondary" />
      {description !== undefined && <Description>{description}</Description>}
    </TextField>
  );
}
