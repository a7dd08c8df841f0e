/** `?`: the keys of the keyboard. Opened by the account's menu as well. */
import { useSyncExternalStore } from 'react';
import { Button, Modal } from '@heroui/react';
import { useHotkey } from '@tanstack/react-hotkeys';
import { KeyList } from './key-list.tsx';

let isOpen = false;
const listeners = new Set<() => void>();

export function openHelp(): void {
  show(true);
}

export function HelpDialog() {
  const isShown = useSyncExternalStore(subscribe, () => isOpen);
  useHotkey({ key: '?', shift: true }, openHelp, { ignoreInputs: true });
  return (
    <Modal isOpen={isShown} onOpenChange={show}>
      <Modal.Backdrop>
        <Modal.Container size="lg">
          <Modal.Dialog aria-label="Keys of the keyboard">
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>Keys of the keyboard</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="p-1">
              <KeyList />
            </Modal.Body>
            <Modal.Footer>
              <Button variant="secondary" onPress={() => show(false)}>
                Close
              </Button>
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

function show(next: boolean): void {
  isOpen = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
