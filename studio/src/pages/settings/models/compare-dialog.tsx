import { Button, Modal } from '@heroui/react';
import { DataTable } from '../parts/data-table.tsx';
import { COMPARED } from './compared.ts';
import type { Model } from './find-models.ts';

interface CompareDialogProps {
  readonly models: readonly Model[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Two to four models side by side. */
export function CompareDialog({ models, isOpen, onClose }: CompareDialogProps) {
  const columns = [
    { id: 'what', title: 'What', cell: ({ name }: (typeof COMPARED)[number]) => name },
    ...models.map((model) => ({
      id: model.model,
      title: model.title,
      cell: ({ words }: (typeof COMPARED)[number]) => words(model),
    })),
  ];
  return (
    <Modal isOpen={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Modal.Backdrop>
        <Modal.Container size="full">
          <Modal.Dialog aria-label="Models side by side">
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>Models side by side</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="p-1">
              <DataTable
                label="Models side by side"
                columns={columns}
                entries={COMPARED}
                idOf={({ name }) => name}
              />
            </Modal.Body>
            <Modal.Footer>
              <Button variant="secondary" onPress={onClose}>
                Close
              </Button>
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
