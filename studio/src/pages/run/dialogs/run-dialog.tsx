/** A dialog of the run's page: a heading, what it is about, and its buttons. */
import type { ReactNode } from 'react';
import { Button, Modal } from '@heroui/react';

interface RunDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The button that does it. */
  readonly action: ReactNode;
}

export function RunDialog({ title, onClose, children, action }: RunDialogProps) {
  return (
    <Modal isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Backdrop>
        <Modal.Container scroll="inside">
          <Modal.Dialog>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>{title}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="flex flex-col gap-4 p-1">{children}</Modal.Body>
            <Modal.Footer>
              <Button variant="tertiary" onPress={onClose}>
                Not now
              </Button>
              {action}
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
