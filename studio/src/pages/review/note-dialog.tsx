import { useState } from 'react';
import { Button, Form, Label, Modal, TextArea, TextField } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { LONGEST_NOTE } from '../../../../src/engine/core/review.ts';
import { itemQuery } from '../../queries/reviews.ts';
import type { Review } from './use-review.ts';

/** A note on the image, or the same one on all that are selected. Ctrl-Enter saves. */
export function NoteDialog({ review }: { readonly review: Review }) {
  const { open, setOpen, chosen, run } = review;
  const [only, ...others] = chosen;
  const isOne = others.length === 0;
  const { data } = useQuery({
    ...itemQuery(run, only?.item),
    enabled: open === 'note' && isOne && only !== undefined,
  });
  const known = isOne && only?.has_note === true ? data?.review?.note : '';
  return (
    <Modal isOpen={open === 'note'} onOpenChange={(isOpen) => setOpen(isOpen ? 'note' : undefined)}>
      <Modal.Backdrop>
        <Modal.Container placement="center">
          <Modal.Dialog>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>{isOne ? 'Note' : `Note on ${chosen.length} images`}</Modal.Heading>
            </Modal.Header>
            {known !== undefined && (
              <NoteForm
                known={known ?? ''}
                onSaved={(note) => {
                  setOpen(undefined);
                  if (note !== known) review.say({ note: note === '' ? null : note });
                }}
              />
            )}
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

interface NoteFormProps {
  readonly known: string;
  readonly onSaved: (note: string) => void;
}

function NoteForm({ known, onSaved }: NoteFormProps) {
  const [note, setNote] = useState(known);
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        onSaved(note.trim());
      }}
    >
      <Modal.Body>
        <TextField
          value={note}
          onChange={setNote}
          maxLength={LONGEST_NOTE}
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSaved(note.trim());
            // Escape is the dialog's.
            else event.continuePropagation();
          }}
          fullWidth
        >
          <Label>What is to be said of it</Label>
          <TextArea rows={4} placeholder="The hull is too dark" />
        </TextField>
        <p className="mt-2 text-xs text-muted">It stands in the results sheet.</p>
      </Modal.Body>
      <Modal.Footer>
        <Button type="submit">Save note</Button>
      </Modal.Footer>
    </Form>
  );
}
