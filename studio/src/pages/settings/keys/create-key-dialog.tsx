import { useState } from 'react';
import { Checkbox, CheckboxGroup, Label } from '@heroui/react';
import { type Role, type Scope, SCOPES_OF } from '../../../../../src/engine/core/workspace.ts';
import { client } from '../../../client.ts';
import { useSession } from '../../../queries/session.ts';
import { Choice } from '../parts/choice.tsx';
import { numberOf, TextEntry, textOf, timeOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { roleOptions, SCOPE_WORDS } from '../roles.ts';
import { useChange } from '../use-change.ts';

interface CreateKeyDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}

export function CreateKeyDialog({ isOpen, onClose, onSecret }: CreateKeyDialogProps) {
  const session = useSession();
  const [role, setRole] = useState<Role>('member');
  const [scopes, setScopes] = useState<readonly Scope[]>(SCOPES_OF.member);
  const create = useChange({
    isForm: true,
    about: ['keys'],
    work: (fields: FormData) => client.keys.create(orderOf(fields, { role, scopes })),
    onDone: ({ secret }) => {
      close();
      onSecret(secret);
    },
  });
  const close = () => {
    create.reset();
    onClose();
  };
  const choose = (id: string) => {
    setRole(id as Role);
    setScopes(SCOPES_OF[id as Role]);
  };
  return (
    <FormDialog
      title="New key"
      isOpen={isOpen}
      onClose={close}
      action="Make the key"
      work={create}
      onSubmit={(fields) => create.mutate(fields)}
    >
      <TextEntry name="name" label="Name" placeholder="nightly import" isRequired autoFocus />
      <Choice
        name="role"
        label="Role"
        value={role}
        onChange={choose}
        options={roleOptions(session?.scopes ?? [])}
      />
      <ScopeBoxes role={role} scopes={scopes} onChange={setScopes} />
      <TextEntry
        name="budget"
        type="number"
        label="Budget in credits"
        description="Most that its runs may use together, ever. Empty: as much as the workspace has."
      />
      <TextEntry
        name="expires_at"
        type="datetime-local"
        label="Ends"
        description="Empty: when it is revoked."
      />
    </FormDialog>
  );
}

interface ScopeBoxesProps {
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly onChange: (scopes: readonly Scope[]) => void;
}

function ScopeBoxes({ role, scopes, onChange }: ScopeBoxesProps) {
  return (
    <CheckboxGroup
      value={[...scopes]}
      onChange={(chosen) => onChange(SCOPES_OF[role].filter((scope) => chosen.includes(scope)))}
    >
      <Label>It may</Label>
      {SCOPES_OF[role].map((scope) => (
        <Checkbox key={scope} value={scope}>
          <Checkbox.Content>
            <Checkbox.Control>
              <Checkbox.Indicator />
            </Checkbox.Control>
            {SCOPE_WORDS[scope]}
          </Checkbox.Content>
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
}

function orderOf(
  fields: FormData,
  { role, scopes }: { readonly role: Role; readonly scopes: readonly Scope[] },
) {
  const budget = numberOf(fields, 'budget');
  const end = timeOf(fields, 'expires_at');
  return {
    name: textOf(fields, 'name') ?? '',
    role,
    ...(scopes.length < SCOPES_OF[role].length && { scopes: [...scopes] }),
    ...(budget !== undefined && { budget }),
    ...(end !== undefined && { expires_at: end }),
  };
}
