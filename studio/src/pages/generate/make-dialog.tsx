/** Asks before credits are spent, with the figures of the plan that will be made. */
import { Alert, Button, Modal } from '@heroui/react';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { spanText } from '../../parts/time.ts';
import type { Asked } from './use-make-run.ts';

interface MakeDialogProps {
  readonly asked: Asked;
  /** Of what is made first. */
  readonly credits: number;
  /** Of the proof. */
  readonly rows: number;
  readonly isBusy: boolean;
  readonly onAgree: () => void;
  readonly onClose: () => void;
}

export function MakeDialog(props: MakeDialogProps) {
  const { asked, credits, rows, isBusy, onAgree, onClose } = props;
  const { how, plan, isChanged } = asked;
  const isProof = how === 'proof';
  const title = isProof ? `Make ${rows} rows first?` : `Make ${imagesText(plan.items)}?`;
  return (
    <Modal isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal.Backdrop>
        <Modal.Container size="sm">
          <Modal.Dialog>
            <Modal.CloseTrigger />
            <Modal.Header>
              <Modal.Heading>{title}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="flex flex-col gap-3 text-sm">
              {isChanged && (
                <Alert status="warning">
                  <Alert.Indicator />
                  <Alert.Content>
                    <Alert.Title>The plan has changed</Alert.Title>
                    <Alert.Description>
                      Prices, models or references are others than a moment ago. Nothing was made;
                      these are the figures now.
                    </Alert.Description>
                  </Alert.Content>
                </Alert>
              )}
              <Figures asked={asked} credits={credits} />
              <p className="text-muted">
                {isProof
                  ? 'Then the run waits. You look, and approve the rest or stop.'
                  : 'Only delivered images are paid for. The run can be paused and cancelled.'}
              </p>
            </Modal.Body>
            <Modal.Footer>
              <Button variant="tertiary" onPress={onClose}>
                Not yet
              </Button>
              <Button isPending={isBusy} onPress={onAgree}>
                {isProof ? `Make ${rows} first` : 'Make all'} ·{' '}
                {credits === 0 ? 'free' : `${isProof ? 'about ' : ''}${creditsText(credits)}`}
              </Button>
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

function Figures({ asked: { how, plan }, credits }: Pick<MakeDialogProps, 'asked' | 'credits'>) {
  const { expected, worst } = plan.total;
  const rest = Math.max(0, expected.credits - credits);
  const facts: [string, string][] =
    how === 'proof'
      ? [
          ['Now, about', creditsText(credits)],
          ['After your approval, about', creditsText(rest)],
        ]
      : [
          ['Expected', creditsText(expected.credits)],
          ['At worst', creditsText(worst.credits)],
          ['At vendors', usdText(expected.usd)],
          ['Done in', plan.finish_seconds === null ? 'unknown' : spanText(plan.finish_seconds)],
        ];
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="text-right font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function imagesText(items: number): string {
  return items === 1 ? '1 image' : `${items.toLocaleString('en-US')} images`;
}
