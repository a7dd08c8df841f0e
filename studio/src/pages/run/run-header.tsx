/** The run's name, which can be changed in its place, its state, and what may be done with it. */
import { useState } from 'react';
import { Button, Input, TextField } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import type { Run } from '../../../../src/api/client/index.ts';
import { client } from '../../client.ts';
import { RunStateChip } from '../../parts/run-state-chip.tsx';
import { agoText } from '../../parts/time.ts';
import { useMay } from '../../queries/session.ts';
import { RunActions } from './run-actions.tsx';

export function RunHeader({ run }: { readonly run: Run }) {
  return (
    <header className="mb-4">
      <title>{`${run.title} · Imagemill`}</title>
      <Link to="/runs" className="text-sm text-muted hover:text-foreground">
        Runs
      </Link>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Title run={run} />
        <RunStateChip state={run.state} />
        <div className="flex w-full flex-wrap items-center gap-2 sm:ml-auto sm:w-auto">
          <RunActions run={run} />
        </div>
      </div>
      <p className="mt-1 text-sm break-words text-muted">
        {run.sheet} · {run.rows.toLocaleString('en-US')} {run.rows === 1 ? 'row' : 'rows'} · made{' '}
        {agoText(run.created_at)}
        {run.reason_text !== null && <span className="text-foreground"> · {run.reason_text}</span>}
      </p>
    </header>
  );
}

function Title({ run }: { readonly run: Run }) {
  const [draft, setDraft] = useState<string>();
  const mayWrite = useMay('runs:write');
  const rename = useRename(run, () => setDraft(undefined));
  const save = () => {
    const title = draft?.trim() ?? '';
    if (title === '' || title === run.title) return setDraft(undefined);
    rename.mutate(title);
  };
  if (draft === undefined) {
    return (
      <div className="flex min-w-0 items-center gap-1">
        <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight">{run.title}</h1>
        {mayWrite && (
          <Button
            size="sm"
            variant="ghost"
            isIconOnly
            aria-label="Rename"
            onPress={() => setDraft(run.title)}
          >
            <Pencil aria-hidden className="size-3.5" />
          </Button>
        )}
      </div>
    );
  }
  return (
    <form
      className="flex min-w-0 items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h1 className="sr-only">{run.title}</h1>
      <TextField aria-label="Title" value={draft} onChange={setDraft} maxLength={200} autoFocus>
        <Input
          className="w-64 sm:w-96"
          onKeyDown={(event) => event.key === 'Escape' && setDraft(undefined)}
        />
      </TextField>
      <Button type="submit" size="sm" isPending={rename.isPending}>
        Save
      </Button>
    </form>
  );
}

function useRename({ run }: Run, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => client.runs.change(run, { title }),
    onSuccess: (changed) => {
      queries.setQueryData(['run', run], changed);
      void queries.invalidateQueries({ queryKey: ['runs'] });
      onDone();
    },
  });
}
