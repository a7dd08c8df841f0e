import { client } from '../../../client.ts';
import type { Workspace } from '../../../queries/settings.ts';
import { TextEntry, textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';
import { CeilingFields, ceilingOf } from './ceiling-fields.tsx';

interface ChangeWorkspaceDialogProps {
  readonly workspace: Workspace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ChangeWorkspaceDialog({ workspace, isOpen, onClose }: ChangeWorkspaceDialogProps) {
  const change = useChange({
    isForm: true,
    about: ['workspaces', 'workspace', 'session', 'limits', 'credits'],
    work: (fields: FormData) =>
      client.workspaces.change(workspace.workspace, {
        name: textOf(fields, 'name') ?? '',
        images_per_hour: ceilingOf(fields),
      }),
    onDone: onClose,
  });
  const { images_per_hour: figure, ceiling_follows: follows } = workspace;
  const byHand = figure === null ? 'none' : 'set';
  return (
    <FormDialog
      title={`Name and ceiling of ${workspace.name}`}
      about="Runs that wait for a higher ceiling go on by themselves."
      isOpen={isOpen}
      onClose={onClose}
      action="Save"
      work={change}
      onSubmit={(fields) => change.mutate(fields)}
    >
      <TextEntry name="name" label="Name" defaultValue={workspace.name} isRequired autoFocus />
      <CeilingFields
        kind={follows === 'purchases' ? 'bought' : byHand}
        {...(figure !== null && { imagesPerHour: figure })}
      />
    </FormDialog>
  );
}
