/** What a client will see and may do. */
import { useState } from 'react';
import { Button, Switch } from '@heroui/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { REVIEW_FILTERS } from '../../../../src/engine/core/review.ts';
import { client } from '../../client.ts';
import { ChoiceField, WordsField } from '../fields.tsx';
import { runQuery } from '../../queries/runs.ts';
import { ErrorPanel } from '../error-panel.tsx';

const SHOWN = [
  { id: 'all', text: 'All delivered images' },
  { id: 'kept', text: 'What you kept' },
  { id: 'starred', text: 'What you starred' },
  { id: 'undecided', text: 'What is undecided' },
  { id: 'noted', text: 'What has a note' },
] as const;

const DAY_MS = 86_400_000;
const ENDS = [
  { id: '7', text: 'In a week' },
  { id: '30', text: 'In 30 days' },
  { id: '90', text: 'In 90 days' },
  { id: 'never', text: 'When it is revoked' },
] as const;

export function NewShareForm({
  run,
  onMade,
}: {
  readonly run: string;
  readonly onMade: (link: string) => void;
}) {
  const { data } = useQuery(runQuery(run));
  const queries = useQueryClient();
  const [title, setTitle] = useState<string>();
  const [shown, setShown] = useState('all');
  const [ends, setEnds] = useState('30');
  const [showsPrompts, setShowsPrompts] = useState(false);
  const [takesMarks, setTakesMarks] = useState(true);
  const make = useMutation({
    mutationFn: (name: string) => {
      const only = REVIEW_FILTERS.find((each) => each === shown);
      return client.shares.create(run, {
        ...(name !== '' && { title: name }),
        ...(only && { only }),
        shows_prompts: showsPrompts,
        takes_marks: takesMarks,
        ...(ends !== 'never' && {
          expires_at: new Date(Date.now() + Number(ends) * DAY_MS).toISOString(),
        }),
      });
    },
    meta: { showsErrors: true },
    onSuccess: ({ link }) => {
      void queries.invalidateQueries({ queryKey: ['shares', run] });
      onMade(link);
    },
  });
  const name = title ?? data?.title ?? '';
  return (
    <section aria-label="A new link" className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        Your client looks and marks without a key. Models, prices and credits are not shown.
      </p>
      <WordsField label="Title of the page" value={name} onChange={setTitle} />
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceField label="Shows" value={shown} choices={SHOWN} onChange={setShown} />
        <ChoiceField label="Ends" value={ends} choices={ENDS} onChange={setEnds} />
      </div>
      <div className="flex flex-col gap-2">
        <Setting text="Approve, reject and notes" isOn={takesMarks} onChange={setTakesMarks} />
        <Setting text="Show the prompts" isOn={showsPrompts} onChange={setShowsPrompts} />
      </div>
      {make.error && <ErrorPanel error={make.error} />}
      <Button
        className="self-start"
        isPending={make.isPending}
        onPress={() => make.mutate(name.trim().slice(0, 200))}
      >
        Make the link
      </Button>
    </section>
  );
}

interface SettingProps {
  readonly text: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Setting({ text, isOn, onChange }: SettingProps) {
  return (
    <Switch isSelected={isOn} onChange={onChange}>
      <Switch.Content>
        <Switch.Control>
          <Switch.Thumb />
        </Switch.Control>
        {text}
      </Switch.Content>
    </Switch>
  );
}
