/** What may be done with one image now: make it again, changed or as it was. */
import { useState } from 'react';
import { Button } from '@heroui/react';
import { RefreshCw, Sparkles } from 'lucide-react';
import type { Run } from '../../../../../src/api/client/index.ts';
import type { SourceKind } from '../../../../../src/engine/core/review.ts';
import { FollowUpDialog } from '../../../parts/follow-up-dialog.tsx';
import type { ItemDetail } from '../../../queries/items.ts';
import { useMay } from '../../../queries/session.ts';

const ENDED = ['delivered', 'refused', 'failed', 'cancelled'];

export function ItemWaysOn({ run, item }: { readonly run: Run; readonly item: ItemDetail }) {
  const mayWrite = useMay('runs:write');
  const [asked, setAsked] = useState<SourceKind>();
  if (!mayWrite || !ENDED.includes(item.state)) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" variant="secondary" onPress={() => setAsked('reroll')}>
        <RefreshCw aria-hidden className="size-4" />
        Make again…
      </Button>
      {item.state === 'delivered' && (
        <Button size="sm" variant="secondary" onPress={() => setAsked('finals')}>
          <Sparkles aria-hidden className="size-4" />
          Make a final…
        </Button>
      )}
      {asked && (
        <FollowUpDialog
          run={run.run}
          kind={asked}
          items={[item.item]}
          isOpen
          onOpenChange={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
