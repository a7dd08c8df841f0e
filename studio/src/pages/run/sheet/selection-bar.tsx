/** What may be done with the images that are chosen. */
import { Button } from '@heroui/react';
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { Download, RefreshCw, Sparkles, Wand2, X } from 'lucide-react';
import type { SourceKind } from '../../../../../src/engine/core/review.ts';
import type { Run } from '../../../../../src/api/client/index.ts';
import { FollowUpDialog } from '../../../parts/follow-up-dialog.tsx';
import { imageUrl } from '../../../queries/tiles.ts';
import { useMay } from '../../../queries/session.ts';
import type { Selection } from './use-selection.ts';

/** Browsers ask before they keep many files of one page; more go as an archive, under Results. */
const MOST_DOWNLOADS = 20;

export function SelectionBar({
  run,
  selection,
}: {
  readonly run: Run;
  readonly selection: Selection;
}) {
  const { tiles, clear } = selection;
  const mayWrite = useMay('runs:write');
  const navigate = useNavigate();
  const [asked, setAsked] = useState<SourceKind>();
  if (tiles.size === 0) return null;
  const pictures = [...tiles.values()].filter(({ version }) => version !== null);
  const openTools = () => {
    keepForTools(
      run.run,
      pictures.map(({ item }) => item),
    );
    void navigate({ to: '/tools', search: { run: run.run, only: 'selected' } as never });
  };
  return (
    <div
      role="region"
      aria-label="Chosen images"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-lg border border-separator bg-overlay px-3 py-2 text-sm text-overlay-foreground shadow-lg"
    >
      <span className="tabular-nums" role="status">
        {tiles.size} chosen
      </span>
      {pictures.length > 0 && pictures.length <= MOST_DOWNLOADS && (
        <Button
          size="sm"
          variant="secondary"
          onPress={() =>
            download(
              run.run,
              pictures.map(({ item }) => item),
            )
          }
        >
          <Download aria-hidden className="size-4" />
          Download
        </Button>
      )}
      {mayWrite && (
        <Button size="sm" variant="secondary" onPress={() => setAsked('reroll')}>
          <RefreshCw aria-hidden className="size-4" />
          Make again…
        </Button>
      )}
      {mayWrite && pictures.length > 0 && (
        <Button size="sm" variant="secondary" onPress={() => setAsked('finals')}>
          <Sparkles aria-hidden className="size-4" />
          Make finals…
        </Button>
      )}
      {mayWrite && pictures.length > 0 && (
        <Button size="sm" variant="secondary" onPress={openTools}>
          <Wand2 aria-hidden className="size-4" />
          Image tools
        </Button>
      )}
      <Button size="sm" variant="ghost" isIconOnly aria-label="Choose none" onPress={clear}>
        <X aria-hidden className="size-4" />
      </Button>
      {asked && (
        <FollowUpDialog
          run={run.run}
          kind={asked}
          items={asked === 'finals' ? pictures.map(({ item }) => item) : [...tiles.keys()]}
          isOpen
          onOpenChange={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

/** The tools' page reads it: which images of the run are meant. */
function keepForTools(run: string, items: readonly string[]): void {
  sessionStorage.setItem(`imagemill-selection-${run}`, JSON.stringify(items));
}

function download(run: string, items: readonly string[]): void {
  for (const item of items) {
    const link = document.createElement('a');
    link.href = `${imageUrl(run, item)}?download=true`;
    link.download = '';
    link.click();
  }
}
