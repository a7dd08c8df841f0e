/** Agreeing to what a run costs, or to the rest of it after its proof. */
import { Button } from '@heroui/react';
import type { Run } from '../../../../../src/api/client/index.ts';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { Fact, Facts } from '../item/facts.tsx';
import { useRunAction } from '../use-run-action.ts';
import { RunDialog } from './run-dialog.tsx';

type Amount = NonNullable<Run['proof']>['spent'];

export function ApproveDialog({
  run,
  onClose,
}: {
  readonly run: Run;
  readonly onClose: () => void;
}) {
  const act = useRunAction(run.run);
  const { proof, items } = run;
  const left = items.waiting.toLocaleString('en-US');
  const rest = proof && proof.items.waiting + proof.items.sent === 0 ? proof : null;
  return (
    <RunDialog
      title={rest ? 'Make the rest?' : 'Make this run?'}
      onClose={onClose}
      action={
        <Button
          isPending={act.isPending}
          onPress={() => act.mutate('approve', { onSuccess: onClose })}
        >
          Make {left} images{proof && ` · ${creditsText(proof.likely_rest.credits)}`}
        </Button>
      }
    >
      {proof ? (
        <Facts>
          <Fact name="Proof">
            {proof.items.delivered} delivered, {proof.items.refused} refused,{' '}
            {proof.items.failed + proof.items.unknown} failed or unknown
          </Fact>
          <Fact name="Proof cost">{amountText(proof.spent)}</Fact>
          <Fact name="The rest, likely">{amountText(proof.likely_rest)}</Fact>
          <Fact name="At most">{amountText(proof.at_most_rest)}</Fact>
        </Facts>
      ) : (
        <p className="text-sm">
          {left} images are to be made
          {run.usd.estimated !== null && `, for about ${usdText(run.usd.estimated)} at the vendors`}
          .
        </p>
      )}
      <Bounds run={run} />
    </RunDialog>
  );
}

function Bounds({ run: { budget, max_usd: maxUsd } }: { readonly run: Run }) {
  const bounds = [
    budget === null ? '' : `${creditsText(budget)} in all`,
    maxUsd === null ? '' : `${usdText(maxUsd)} at the vendors`,
  ].filter((each) => each !== '');
  if (bounds.length === 0) return null;
  return <p className="text-sm text-muted">It stops at {bounds.join(', or ')}.</p>;
}

function amountText({ credits, usd }: Amount): string {
  return usd === null ? creditsText(credits) : `${creditsText(credits)} · ${usdText(usd)}`;
}
