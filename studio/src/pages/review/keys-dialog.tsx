import { Kbd, Modal, Switch } from '@heroui/react';
import { KEYS } from './review-keys.ts';
import type { Review } from './use-review.ts';

/** Every key of a review, and whether a verdict leads on. */
export function KeysDialog({ review }: { readonly review: Review }) {
  const { open, setOpen, advances, setAdvances } = review;
  return (
    <Modal isOpen={open === 'keys'} onOpenChange={(isOpen) => setOpen(isOpen ? 'keys' : undefined)}>
      <Modal.Backdrop>
        <Modal.Container scroll="inside">
          <Modal.Dialog>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>Keys</Modal.Heading>
            </Modal.Header>
            <Modal.Body>
              <Switch isSelected={advances} onChange={setAdvances} className="mb-5">
                <Switch.Content>Go on to the next image after a verdict</Switch.Content>
                <Switch.Control>
                  <Switch.Thumb />
                </Switch.Control>
              </Switch>
              <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
                {KEYS.map(({ title, keys }) => (
                  <section key={title} aria-label={title}>
                    <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
                    <dl className="flex flex-col gap-1.5">
                      {keys.map(([key, what]) => (
                        <div key={key} className="flex items-center justify-between gap-4 text-sm">
                          <dt className="text-muted">{what}</dt>
                          <dd className="flex shrink-0 gap-1">
                            {key.split('  ').map((each) => (
                              <Kbd key={each}>{each}</Kbd>
                            ))}
                          </dd>
                        </div>
                      ))}
                    </dl>
                  </section>
                ))}
              </div>
            </Modal.Body>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
