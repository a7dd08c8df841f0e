/** Image to image, step by step: pictures, prompts, how they come together, a model; the plan beside it. */
import { useMemo, useState } from 'react';
import { Label, Modal, TextArea, TextField } from '@heroui/react';
import { ReferencePicker } from '../../../parts/reference-picker.tsx';
import { usePlan } from '../../../queries/plan.ts';
import { ChoiceField, CountField } from '../../../parts/fields.tsx';
import { MakeFooter } from './make-footer.tsx';
import { orderOf, rowsOf, type Wish } from './make-order.ts';
import { ModelField } from './model-field.tsx';
import { PairingField } from './pairing-field.tsx';
import { PlanSummary } from './plan-summary.tsx';

/** Rows that are made first, where there are more. */
const PROOF_ROWS = 10;
const SIZES = ['1024x1024', '1536x1024', '1024x1536', '1920x1080', '1080x1920'];

interface MakeDialogProps {
  /** `@name`s to begin with. */
  readonly names: readonly string[];
  readonly onClose: () => void;
}

export function MakeDialog({ names, onClose }: MakeDialogProps) {
  const [wish, setWish] = useState<Wish>({
    pairing: 'each',
    references: names,
    text: '',
    model: 'auto',
    size: SIZES[0]!,
    count: 1,
  });
  const change = (part: Partial<Wish>) => setWish((was) => ({ ...was, ...part }));
  const rows = rowsOf(wish).length;
  const proof = rows > PROOF_ROWS ? PROOF_ROWS : 0;
  const order = useMemo(() => orderOf(wish, proof), [wish, proof]);
  const { data: plan, error, isOutdated } = usePlan(order);
  return (
    <Modal isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal.Backdrop isDismissable={false}>
        <Modal.Container size="lg" className="sm:[&_[role=dialog]]:max-w-4xl">
          <Modal.Dialog>
            <Modal.CloseTrigger />
            <Modal.Header>
              <Modal.Heading>Make images from references</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="grid gap-6 p-1 text-foreground md:grid-cols-[minmax(0,1fr)_17rem]">
              <div className="flex min-w-0 flex-col gap-5">
                <Fields wish={wish} onChange={change} />
              </div>
              <section aria-label="Plan" className="md:sticky md:top-0 md:self-start">
                <h3 className="mb-2 text-sm font-medium">Plan</h3>
                <PlanSummary
                  plan={plan}
                  error={error}
                  isOutdated={isOutdated}
                  missing={missingOf(wish)}
                />
              </section>
            </Modal.Body>
            <MakeFooter
              wish={wish}
              proof={proof}
              order={order}
              plan={isOutdated || error || order === undefined ? undefined : plan}
            />
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

interface FieldsProps {
  readonly wish: Wish;
  readonly onChange: (part: Partial<Wish>) => void;
}

function Fields({ wish, onChange }: FieldsProps) {
  return (
    <>
      <div role="group" aria-labelledby="make-references">
        <h3 id="make-references" className="mb-2 text-sm font-medium">
          References
        </h3>
        <ReferencePicker
          value={wish.references}
          onChange={(references) => onChange({ references })}
        />
      </div>
      <TextField
        value={wish.text}
        onChange={(text) => onChange({ text })}
        variant="secondary"
        fullWidth
      >
        <Label>Prompts, one a line</Label>
        <TextArea rows={4} placeholder="the same product on a beach at dawn" />
      </TextField>
      <PairingField wish={wish} onChange={(pairing) => onChange({ pairing })} />
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField
          label="Size"
          value={wish.size}
          choices={SIZES.map((id) => ({ id, text: id.replace('x', ' × ') }))}
          onChange={(size) => onChange({ size })}
        />
        <CountField
          label="Images a row"
          value={wish.count}
          most={10}
          onChange={(count = 1) => onChange({ count })}
        />
      </div>
      <ModelField wish={wish} onChange={(model) => onChange({ model })} />
    </>
  );
}

function missingOf({ references, text }: Wish): string | undefined {
  if (references.length === 0) return 'Choose a reference, and what it would cost is shown here.';
  if (text.trim() === '') return 'Write a prompt, and what it would cost is shown here.';
  return undefined;
}
