/** A picture of the web under a name: its address is read once, by the server. */
import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, Modal, TextField, toast } from '@heroui/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../client.ts';
import { nameOfAddress, nameProblem, plainName } from '../../parts/reference-name.ts';
import { referenceProblem } from '../../parts/reference-problem.ts';
import { referencesQuery } from '../../queries/references.ts';

export function AddressDialog({ onClose }: { readonly onClose: () => void }) {
  const { data } = useQuery(referencesQuery);
  const queries = useQueryClient();
  const taken = new Set(data?.map(({ name }) => name));
  const [address, setAddress] = useState('');
  const [typed, setTyped] = useState<string>();
  const name = typed ?? (address === '' ? '' : nameOfAddress(address, taken));
  const add = useMutation({
    meta: { showsErrors: true },
    mutationFn: () => client.references.add(plainName(name) ?? name, address.trim()),
    onSuccess: async (added) => {
      await queries.invalidateQueries({ queryKey: ['references'] });
      toast.success(`Added @${added.name}`);
      onClose();
    },
  });
  const wrongName = add.isIdle && typed === undefined ? undefined : nameProblem(name, taken);
  return (
    <Modal isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal.Backdrop>
        <Modal.Container>
          <Modal.Dialog>
            <Modal.CloseTrigger />
            <Modal.Header>
              <Modal.Heading>Add a picture from the web</Modal.Heading>
            </Modal.Header>
            <Form
              onSubmit={(event) => {
                event.preventDefault();
                if (nameProblem(name, taken) === undefined) add.mutate();
                else setTyped(name);
              }}
            >
              <Modal.Body className="flex flex-col gap-4 p-1 text-foreground">
                <TextField
                  autoFocus
                  isRequired
                  type="url"
                  value={address}
                  onChange={(next) => {
                    setAddress(next);
                    add.reset();
                  }}
                  isInvalid={add.isError}
                  variant="secondary"
                >
                  <Label>Address</Label>
                  <Input placeholder="https://example.com/hero.png" />
                  {add.isError && (
                    <FieldError>{referenceProblem(add.error, plainName(name) ?? name)}</FieldError>
                  )}
                </TextField>
                <TextField
                  isRequired
                  value={name}
                  onChange={setTyped}
                  isInvalid={wrongName !== undefined}
                  variant="secondary"
                >
                  <Label>Name</Label>
                  <Input placeholder="hero" />
                  <FieldError>{wrongName}</FieldError>
                </TextField>
              </Modal.Body>
              <Modal.Footer>
                <Button variant="tertiary" onPress={onClose}>
                  Cancel
                </Button>
                <Button type="submit" isPending={add.isPending}>
                  Add
                </Button>
              </Modal.Footer>
            </Form>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
