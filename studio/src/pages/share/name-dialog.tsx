/** Asked before the first mark, once. */
import { useState } from 'react';
import { Button, Form, Input, Label, Modal, TextField } from '@heroui/react';

interface NameDialogProps {
  readonly from: string;
  readonly isOpen: boolean;
  /** Empty: they do not want to say. */
  readonly onAnswer: (name: string) => void;
}

export function NameDialog({ from, isOpen, onAnswer }: NameDialogProps) {
  const [name, setName] = useState('');
  return (
    <Modal isOpen={isOpen} onOpenChange={(next) => !next && onAnswer('')}>
      <Modal.Backdrop>
        <Modal.Container size="sm">
          <Modal.Dialog>
            <Modal.Header>
              <Modal.Heading>What are you called?</Modal.Heading>
            </Modal.Header>
            <Form
              onSubmit={(event) => {
                event.preventDefault();
                onAnswer(name.trim());
              }}
            >
              <Modal.Body className="flex flex-col gap-3 p-1">
                <p className="text-sm text-muted">
                  So that {from} knows whose marks these are. You are asked once.
                </p>
                <TextField value={name} onChange={setName} maxLength={80} autoFocus fullWidth>
                  <Label>Your name</Label>
                  <Input autoComplete="name" />
                </TextField>
              </Modal.Body>
              <Modal.Footer>
                <Button variant="tertiary" onPress={() => onAnswer('')}>
                  Rather not
                </Button>
                <Button type="submit" isDisabled={name.trim() === ''}>
                  Go on
                </Button>
              </Modal.Footer>
            </Form>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
