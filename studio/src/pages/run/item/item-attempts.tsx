/** What was sent for an image, and what the ledger says of each sending. */
import { Chip } from '@heroui/react';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { timeText } from '../../../parts/time.ts';
import type { ItemDetail } from '../../../queries/items.ts';
import { Fact, Facts } from './facts.tsx';

type Attempt = ItemDetail['attempts'][number];

export function ItemAttempts({ item }: { readonly item: ItemDetail }) {
  if (item.attempts.length === 0) {
    return <p className="text-sm text-muted">Nothing has been sent for it yet.</p>;
  }
  return (
    <section>
      <h3 className="text-xs font-medium text-muted">Attempts</h3>
      <ol className="mt-1 flex flex-col gap-2">
        {item.attempts.map((attempt) => (
          <AttemptEntry key={attempt.attempt} attempt={attempt} />
        ))}
      </ol>
    </section>
  );
}

function AttemptEntry({ attempt }: { readonly attempt: Attempt }) {
  const { number, lane, state, sent_at: sentAt, ended_at: endedAt, images, ledger } = attempt;
  return (
    <li className="rounded-md border border-separator p-3">
      <p className="mb-2 flex flex-wrap items-center gap-2 text-sm font-medium">
        Attempt {number}
        <Chip size="sm" variant="soft">
          {state}
        </Chip>
        <span className="ml-auto font-normal text-muted">{lane}</span>
      </p>
      <Facts>
        <Fact name="Sent">
          {timeText(sentAt)}
          {endedAt !== null && `, ended ${timeText(endedAt)}`}
        </Fact>
        {images > 1 && <Fact name="Together with">{images - 1} more images</Fact>}
        {attempt.vendor_ref !== null && <Fact name="Vendor's id">{attempt.vendor_ref}</Fact>}
        {attempt.reason !== null && <Fact name="Vendor's words">{attempt.reason}</Fact>}
        {attempt.usd !== null && <Fact name="Billed">{usdText(attempt.usd)}</Fact>}
      </Facts>
      {ledger.length > 0 && (
        <table className="mt-2 w-full text-xs tabular-nums">
          <caption className="sr-only">Ledger of attempt {number}</caption>
          <thead className="text-left text-muted">
            <tr>
              <th className="font-normal">Entry</th>
              <th className="font-normal">Account</th>
              <th className="text-right font-normal">Credits</th>
            </tr>
          </thead>
          <tbody>
            {ledger.map(({ kind, account, credits, at }) => (
              <tr key={`${kind}-${account}-${at}`}>
                <td>{kind}</td>
                <td>{account}</td>
                <td className="text-right">{creditsText(credits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}
