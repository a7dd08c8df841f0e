/** The name of a reference, changed in place. */
import { useState } from 'react';
import {
  Button,
  Description,
  FieldError,
  Form,
  Input,
  Label,
  TextField,
  toast,
} from '@heroui/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../client.ts';
import { errorText } from '../../parts/error-text.ts';
import { nameProblem, plainName } from '../../parts/reference-name.ts';
import { referencesQuery } from '../../queries/references.ts';

interface NameFormProps {
  readonly name: string;
  readonly onRenamed: (name: string) => void;
}

export function NameForm({ name, onRenamed }: NameFormProps) {
  const { data } = useQuery(referencesQuery);
  const queries = useQueryClient();
  const [typed, setTyped] = useState(name);
  const rename = useMutation({
    meta: { showsErrors: true },
    mutationFn: (to: string) => client.references.rename(name, to),
    onSuccess: (renamed) => {
      // Before the page asks for it under its new name.
      queries.setQueryData(referencesQuery.queryKey, (known) =>
        known?.map((each) => (each.name === name ? renamed : each)),
      );
      void queries.invalidateQueries({ queryKey: ['references'] });
      toast.success(`@${name} is @${renamed.name} now`);
      onRenamed(renamed.name);
    },
  });
  const next = plainName(typed);
  const taken = new Set(data?.map((each) => each.name));
  const problem = rename.isError ? errorText(rename.error).title : nameProblem(typed, taken, name);
  const isChanged = next !== name;
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && problem === undefined && next !== undefined) rename.mutate(next);
      }}
      className="flex items-start gap-2"
    >
      <TextField
        value={typed}
        onChange={(to) => {
          setTyped(to);
          rename.reset();
        }}
        isInvalid={problem !== undefined}
        validationBehavior="aria"
        variant="secondary"
        className="min-w-0 grow"
      >
        <Label>Name</Label>
        <Input spellCheck={false} />
        {problem === undefined && (
          <Description>Sheets that say @{name} need the new name; planned runs do not.</Description>
        )}
        <FieldError>{problem}</FieldError>
      </TextField>
      {isChanged && (
        <Button type="submit" size="sm" className="mt-7" isPending={rename.isPending}>
          Rename
        </Button>
      )}
    </Form>
  );
}
