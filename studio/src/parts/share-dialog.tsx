/** Shares a run's images with a client who has no key: makes the link, and shows what became of it. */
import { useState } from 'react';
import { Button, Modal } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { SecretField } from './secret-field.tsx';
import { useMay } from '../queries/session.ts';
import { sharesQuery } from '../queries/shares.ts';
import { ErrorPanel } from './error-panel.tsx';
import { NewShareForm } from './share/new-share-form.tsx';
import { ShareList } from './share/share-list.tsx';

interface ShareDialogProps {
  readonly run: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function ShareDialog({ run, isOpen, onOpenChange }: ShareDialogProps) {
  return (
    <Modal isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal.Backdrop>
        <Modal.Container size="lg" scroll="inside">
          <Modal.Dialog>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>Share for approval</Modal.Heading>
            </Modal.Header>
            <ShareContent run={run} />
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

function ShareContent({ run }: Pick<ShareDialogProps, 'run'>) {
  const { data, error, refetch } = useQuery(sharesQuery(run));
  const [link, setLink] = useState<string>();
  const mayShare = useMay('runs:write');
  return (
    <Modal.Body className="flex flex-col gap-6 p-1">
      {link !== undefined && (
        <section
          aria-label="The new link"
          className="flex flex-col gap-3 rounded-lg bg-default p-4"
        >
          <SecretField label="Link for your client" secret={link} />
          <p className="text-sm text-muted">
            Told this one time. Whoever has it sees the page, without a key, until it ends.
          </p>
          <Button
            variant="secondary"
            size="sm"
            className="self-start"
            onPress={() => setLink(undefined)}
          >
            Make another
          </Button>
        </section>
      )}
      {link === undefined && mayShare && <NewShareForm run={run} onMade={setLink} />}
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : (
        <ShareList run={run} shares={data ?? []} mayChange={mayShare} />
      )}
    </Modal.Body>
  );
}
