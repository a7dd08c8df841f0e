/** For operators: every workspace of the installation. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@heroui/react';
import { Plus } from 'lucide-react';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { workspacesQuery } from '../../../queries/settings.ts';
import { Panel, Rows, SectionSkeleton } from '../parts/section.tsx';
import { CreateWorkspaceDialog } from './create-workspace-dialog.tsx';
import { WorkspaceRow } from './workspace-row.tsx';

export function AllWorkspaces() {
  const { data, error, isPending, refetch } = useQuery(workspacesQuery);
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Panel
      title="All workspaces"
      about="You run this installation: here you see every one."
      actions={
        <Button variant="secondary" size="sm" onPress={() => setIsCreating(true)}>
          <Plus aria-hidden className="size-4" />
          New workspace
        </Button>
      }
    >
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <Rows label="All workspaces">
          {data.map((workspace) => (
            <WorkspaceRow key={workspace.workspace} workspace={workspace} />
          ))}
        </Rows>
      )}
      <CreateWorkspaceDialog isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </Panel>
  );
}
