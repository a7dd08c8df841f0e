/** What may be done with the plan, with what it costs. */
import { useState } from 'react';
import { AlertDialog, Button, Modal } from '@heroui/react';
import type { SheetUpload } from '../../../../../src/api/client/index.ts';
import { creditsText } from '../../../parts/credits.tsx';
import type { Plan } from '../../../queries/plan.ts';
import type { Wish } from './make-order.ts';
import { useGenerator, useMake } from './use-make.ts';

interface MakeFooterProps {
  readonly wish: Wish;
  readonly proof: number;
  readonly order: SheetUpload | undefined;
  /** Of this very order; undefined: there is none (yet). */
  readonly plan: Plan | undefined;
}

export function MakeFooter({ wish, proof, order, plan }: MakeFooterProps) {
  const make = useMake();
  const generator = useGenerator();
  const [isAsking, setIsAsking] = useState(false);
  const open = () => generator.open(wish, proof);
  return (
    <Modal.Footer className="flex-wrap">
      <Button
        variant="tertiary"
        isDisabled={order === undefined}
        onPress={() => (generator.isTaken() ? setIsAsking(true) : open())}
      >
        Open in the generator
      </Button>
      <Button
        isDisabled={plan === undefined}
        isPending={make.isPending}
        onPress={() => order && plan && make.mutate({ order, planHash: plan.plan_hash })}
      >
        {buttonText(plan, proof)}
      </Button>
      {isAsking && <Replacing onClose={() => setIsAsking(false)} onReplace={open} />}
    </Modal.Footer>
  );
}

/** Every row costs the same: the proof is its share of them. */
function buttonText(plan: Plan | undefined, proof: number): string {
  if (plan === undefined) return 'Make images';
  const { items, rows, total } = plan;
  if (proof === 0) {
    return `Make ${items} ${items === 1 ? 'image' : 'images'} · ${creditsText(total.expected.credits)}`;
  }
  const credits = (total.expected.credits * proof) / rows;
  return `Make ${proof} rows first · ${creditsText(credits)}`;
}

interface ReplacingProps {
  readonly onClose: () => void;
  readonly onReplace: () => void;
}

function Replacing({ onClose, onReplace }: ReplacingProps) {
  return (
    <AlertDialog isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <AlertDialog.Backdrop>
        <AlertDialog.Container size="sm">
          <AlertDialog.Dialog>
            <AlertDialog.Header>
              <AlertDialog.Heading>Replace what is in the generator?</AlertDialog.Heading>
            </AlertDialog.Header>
            <AlertDialog.Body>
              It has prompts that are no run yet. They are lost when these rows take their place.
            </AlertDialog.Body>
            <AlertDialog.Footer>
              <Button variant="tertiary" onPress={onClose}>
                Keep them
              </Button>
              <Button variant="danger" onPress={onReplace}>
                Replace
              </Button>
            </AlertDialog.Footer>
          </AlertDialog.Dialog>
        </AlertDialog.Container>
      </AlertDialog.Backdrop>
    </AlertDialog>
  );
}
