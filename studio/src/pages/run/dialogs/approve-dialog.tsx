/** Agreeing to what a run costs, or to the rest of it after its proof. */
import { Button } from '@heroui/react';
import type { Run } from '../../../../../src/api/client/index.ts';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { Fact, Facts } from '../item/facts.tsx';
import { useRunAction } from '../../../parts/use-run-action.ts';
import { isProofMade } from '../run-waits.tsx';
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
  const isRest = isProofMade(run);
  const { proof, items } = run;
  const made = proof === null || isRest ? items.waiting : proof.items.waiting;
  return (
    <RunDialog
      title={isRest ? 'Make the rest?' : 'Make this run?'}
      onClose={onClose}
      action={
        <Button
          isPending={act.isPending}
          onPress={() => act.mutate('approve', { onSuccess: onClose })}
        >
          Make {made.toLocaleString('en-US')} {proof !== null && !isRest ? 'first' : 'images'}
          {isRest && proof && ` · ${creditsText(proof.likely_rest.credits)}`}
        </Button>
      }
    >
      {isRest && proof ? (
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
        <Whole run={run} />
      )}
      <Bounds run={run} />
    </RunDialog>
  );
}

/** Before anything was made. */
function Whole({ run: { items, usd, proof } }: { readonly run: Run }) {
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        {items.waiting.toLocaleString('en-US')} images are to be made
        {usd.estimated !== null && `, for about ${usdText(usd.estimated)} at the vendors`}.
      </p>
      {proof !== null && (
        <p>
          {proof.items.waiting.toLocaleString('en-US')} of them come first; then it waits for you
          again. The rest costs {amountText(proof.at_most_rest)} at most.
        </p>
      )}
    </div>
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
