/** Asks before something is taken away: what happens, in sentences, and a button that says it. */
import type { ReactNode } from 'react';
import { AlertDialog, Button } from '@heroui/react';

interface ConfirmDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly action: string;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, isOpen, onClose, action, isPending, onConfirm, children } = props;
  return (
    <AlertDialog isOpen={isOpen} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Backdrop isKeyboardDismissDisabled={false}>
        <AlertDialog.Container>
          <AlertDialog.Dialog aria-label={title}>
            <AlertDialog.Header>
              <AlertDialog.Icon status="danger" />
              <AlertDialog.Heading>{title}</AlertDialog.Heading>
            </AlertDialog.Header>
            <AlertDialog.Body className="flex flex-col gap-2 text-sm">{children}</AlertDialog.Body>
            <AlertDialog.Footer>
              <Button variant="tertiary" onPress={onClose} autoFocus>
                Cancel
              </Button>
              <Button variant="danger" onPress={onConfirm} isPending={isPending}>
                {action}
              </Button>
            </AlertDialog.Footer>
          </AlertDialog.Dialog>
        </AlertDialog.Container>
      </AlertDialog.Backdrop>
    </AlertDialog>
  );
}
