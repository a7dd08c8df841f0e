/** Asks before a run is given up: what is lost, and what it costs. */
import { AlertDialog, Button } from '@heroui/react';
import type { Run } from '../../../src/api/client/index.ts';
import { creditsText, usdText } from './credits.tsx';
import { useRunAction } from './use-run-action.ts';

interface CancelDialogProps {
  readonly run: Pick<Run, 'run' | 'items' | 'credits'> & { readonly usd: Pick<Run['usd'], 'held'> };
  readonly onClose: () => void;
}

export function CancelDialog({ run, onClose }: CancelDialogProps) {
  const act = useRunAction(run.run);
  const { waiting, sent, delivered } = run.items;
  const cancel = () => act.mutate('cancel', { onSuccess: onClose });
  return (
    <AlertDialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Backdrop>
        <AlertDialog.Container>
          <AlertDialog.Dialog>
            <AlertDialog.Header>
              <AlertDialog.Icon status="danger" />
              <AlertDialog.Heading>Cancel this run?</AlertDialog.Heading>
            </AlertDialog.Header>
            <AlertDialog.Body>
              <ul className="list-disc pl-4 text-sm">
                <li>{imagesText(waiting)} not made, at no cost.</li>
                {sent > 0 && (
                  <li>
                    {imagesText(sent)} being made now: {creditsText(run.credits.held)} and{' '}
                    {usdText(run.usd.held)} at most are spent on those that the vendor has made
                    already.
                  </li>
                )}
                <li>
                  {imagesText(delivered)} delivered already, which you keep, for{' '}
                  {creditsText(run.credits.posted)}.
                </li>
              </ul>
            </AlertDialog.Body>
            <AlertDialog.Footer>
              <Button variant="tertiary" onPress={onClose}>
                Keep the run
              </Button>
              <Button variant="danger" isPending={act.isPending} onPress={cancel}>
                Cancel the run
              </Button>
            </AlertDialog.Footer>
          </AlertDialog.Dialog>
        </AlertDialog.Container>
      </AlertDialog.Backdrop>
    </AlertDialog>
  );
}

function imagesText(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'image' : 'images'}`;
}
