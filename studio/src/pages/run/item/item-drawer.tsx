/** One image with everything that is known of it. */
import { Drawer, Skeleton } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../../src/api/client/index.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { type ItemDetail, itemQuery } from '../../../queries/items.ts';
import { useRunSearch } from '../run-search.ts';
import { ItemAttempts } from './item-attempts.tsx';
import { ItemFacts } from './item-facts.tsx';
import { ItemPicture } from './item-picture.tsx';
import { ItemWaysOn } from './item-ways-on.tsx';

export function ItemDrawer({ run }: { readonly run: Run }) {
  const [{ item }, change] = useRunSearch();
  return (
    <Drawer
      isOpen={item !== undefined}
      onOpenChange={(isOpen) => !isOpen && change({ item: undefined })}
    >
      <Drawer.Backdrop>
        <Drawer.Content placement="right">
          <Drawer.Dialog aria-label="Image" className="w-full max-w-full sm:max-w-xl">
            <Drawer.CloseTrigger aria-label="Close" />
            {item !== undefined && <Details run={run} item={item} />}
          </Drawer.Dialog>
        </Drawer.Content>
      </Drawer.Backdrop>
    </Drawer>
  );
}

function Details({ run, item }: { readonly run: Run; readonly item: string }) {
  const { data, error, refetch } = useQuery(itemQuery(run.run, item));
  return (
    <>
      <Drawer.Header>
        <Drawer.Heading>{data ? titleOf(data) : 'Image'}</Drawer.Heading>
      </Drawer.Header>
      <Drawer.Body className="flex flex-col gap-5">
        {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton className="h-80 w-full rounded-md" />}
        {data && (
          <>
            <ItemPicture run={run.run} item={data} />
            <ItemWaysOn run={run} item={data} />
            <ItemFacts item={data} run={run.run} />
            <ItemAttempts item={data} />
          </>
        )}
      </Drawer.Body>
    </>
  );
}

function titleOf({ name, row, index }: ItemDetail): string {
  return name === null ? `Row ${row}, image ${index}` : `${name} · row ${row}, image ${index}`;
}
