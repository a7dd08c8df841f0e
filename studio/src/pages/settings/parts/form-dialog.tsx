/** A form in a dialog: the server's problems stand at their fields, the rest of what it said above them. */
import type { FormEvent, ReactNode } from 'react';
import { Button, Form, Modal } from '@heroui/react';
import { ApiError } from '../../../client.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';

export interface FormDialogProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What the button says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What the form does, with `meta: { showsErrors: true }`. */
  readonly work: { readonly isPending: boolean; readonly error: Error | null };
  readonly onSubmit: (fields: FormData) => void;
  readonly children: ReactNode;
}

export function FormDialog({ isOpen, onClose, title, about, ...form }: FormDialogProps) {
  return (
    <Modal isOpen={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Modal.Backdrop>
        <Modal.Container>
          <Modal.Dialog aria-label={title}>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>{title}</Modal.Heading>
            </Modal.Header>
            <DialogForm about={about} onClose={onClose} {...form} />
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

type DialogFormProps = Omit<FormDialogProps, 'isOpen' | 'title'>;

function DialogForm(props: DialogFormProps) {
  const { about, onClose, action, isDangerous, work, onSubmit, children } = props;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  const problems = problemsByField(work.error);
  const isTold = Object.keys(problems).length > 0;
  return (
    <Form
      onSubmit={submit}
      validationErrors={problems}
      validationBehavior="aria"
      className="flex min-h-0 flex-col"
    >
      <Modal.Body className="flex flex-col gap-4 px-1 pt-3 pb-1">
        {about && <p className="text-sm text-muted">{about}</p>}
        {work.error && !isTold && <ErrorPanel error={work.error} />}
        {children}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="tertiary" onPress={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant={isDangerous ? 'danger' : 'primary'}
          isPending={work.isPending}
        >
          {action}
        </Button>
      </Modal.Footer>
    </Form>
  );
}

/** `body.expires_at` of the API is `expires_at` of the form. */
function problemsByField(error: Error | null): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.problems.flatMap(({ field, message, remedy }) => {
      const name = field?.split('.')[1]?.split('[')[0];
      return name === undefined ? [] : [[name, `${message}. ${remedy}`.replaceAll('..', '.')]];
    }),
  );
}
