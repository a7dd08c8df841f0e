/** A secret, the one time that it is told. It lives in the state of whoever opens this, and nowhere else. */
import type { ReactNode } from 'react';
import { Button, Modal } from '@heroui/react';
import { SecretField } from '../../../parts/secret-field.tsx';

interface SecretDialogProps {
  readonly title: string;
  readonly label: string;
  /** Open while there is one. */
  readonly secret: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SecretDialog({ title, label, secret, onClose, children }: SecretDialogProps) {
  return (
    <Modal isOpen={secret !== undefined} onOpenChange={(next) => !next && onClose()}>
      <Modal.Backdrop isDismissable={false}>
        <Modal.Container>
          <Modal.Dialog aria-label={title}>
            <Modal.Header>
              <Modal.Heading>{title}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="flex flex-col gap-4 px-1 pt-3 pb-1">
              <p className="text-sm text-muted">{children}</p>
              {secret !== undefined && <SecretField label={label} secret={secret} />}
            </Modal.Body>
            <Modal.Footer>
              <Button onPress={onClose}>I have kept it</Button>
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
