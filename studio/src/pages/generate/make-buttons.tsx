/** Makes the proof, or all. The price stands on the button; what costs is asked about once more. */
import { Button, Kbd } from '@heroui/react';
import { useHotkey } from '@tanstack/react-hotkeys';
import type { SheetUpload } from '../../../../src/api/client/index.ts';
import { creditsText } from '../../parts/credits.tsx';
import type { Plan } from '../../queries/plan.ts';
import { useMay } from '../../queries/session.ts';
import { MakeDialog } from './make-dialog.tsx';
import { type HowMuch, useMakeRun } from './use-make-run.ts';
import { useDraft } from './use-draft.tsx';

interface MakeButtonsProps {
  readonly plan: Plan;
  readonly order: SheetUpload;
  readonly isReady: boolean;
}

export function MakeButtons({ plan, order, isReady }: MakeButtonsProps) {
  const { draft, restore } = useDraft();
  const may = useMay('runs:write');
  const { asked, begin, agree, giveUp, isBusy } = useMakeRun(() => {
    restore({ ...draft, source: { kind: 'text', text: '' }, title: '' });
  });
  const proofRows = typeof draft.settings.proof === 'number' ? draft.settings.proof : 10;
  const hasProof = proofRows > 0 && plan.rows > proofRows;
  const canMake = isReady && plan.items > 0 && !isBusy;
  const start = (how: HowMuch) => canMake && begin(how, order);
  useHotkey('Mod+Enter', () => start(hasProof ? 'proof' : 'all'), { ignoreInputs: false });
  if (!may) return null;
  return (
    // On a phone always in reach, below the page.
    <div className="flex flex-col gap-2 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-20 max-lg:border-t max-lg:border-separator max-lg:bg-surface max-lg:p-3">
      {hasProof && (
        <Button fullWidth isDisabled={!canMake} isPending={isBusy} onPress={() => start('proof')}>
          Make {proofRows} first · {priceText(proofCredits(plan, proofRows), true)}
          <Shortcut />
        </Button>
      )}
      <Button
        fullWidth
        variant={hasProof ? 'secondary' : 'primary'}
        isDisabled={!canMake}
        isPending={isBusy}
        onPress={() => start('all')}
      >
        {plan.items === 1 ? 'Make it' : `Make all ${plan.items.toLocaleString('en-US')}`} ·{' '}
        {priceText(plan.total.expected.credits)}
        {!hasProof && <Shortcut />}
      </Button>
      {asked && (
        <MakeDialog
          asked={asked}
          credits={
            asked.how === 'proof'
              ? proofCredits(asked.plan, proofRows)
              : asked.plan.total.expected.credits
          }
          rows={proofRows}
          isBusy={isBusy}
          onAgree={agree}
          onClose={giveUp}
        />
      )}
    </div>
  );
}

function Shortcut() {
  return (
    <Kbd className="ml-2 hidden lg:inline-flex" aria-hidden>
      <Kbd.Abbr keyValue="ctrl" />
      <Kbd.Abbr keyValue="enter" />
    </Kbd>
  );
}

/** Rows of a proof are drawn from all: they cost what rows cost on the average. */
export function proofCredits({ total, rows }: Plan, proofRows: number): number {
  const share = Math.min(1, proofRows / Math.max(1, rows));
  return Math.round(total.expected.credits * share * 100) / 100;
}

function priceText(credits: number, isAbout = false): string {
  if (credits === 0) return 'free';
  return `${isAbout ? 'about ' : ''}${creditsText(credits)}`;
}
