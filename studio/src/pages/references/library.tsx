/** All references with a search, and what may be done with those that are chosen. */
import { useState } from 'react';
import { Button, SearchField } from '@heroui/react';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { found } from '../../parts/reference-dialog.tsx';
import { ReferenceGrid } from '../../parts/reference-grid.tsx';
import type { Reference } from '../../queries/references.ts';
import { useMay } from '../../queries/session.ts';
import { useRemoval } from './use-removal.ts';

interface LibraryProps {
  readonly references: readonly Reference[];
  readonly onOpen: (name: string) => void;
  readonly onMake: (names: readonly string[]) => void;
}

export function Library({ references, onOpen, onMake }: LibraryProps) {
  const [search, setSearch] = useState('');
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  // What was removed or renamed meanwhile, here or anywhere else, is not chosen any more.
  const chosen = new Set(references.map(({ name }) => name).filter((name) => marked.has(name)));
  return (
    <>
      <div className="mb-3 flex min-h-9 flex-wrap items-center gap-2">
        <SearchField
          aria-label="Search references"
          value={search}
          onChange={setSearch}
          className="w-full sm:w-64"
        >
          <SearchField.Group>
            <SearchField.SearchIcon />
            <SearchField.Input placeholder="Name or source" />
            <SearchField.ClearButton />
          </SearchField.Group>
        </SearchField>
        <ChosenBar chosen={chosen} onMake={onMake} onClear={() => setMarked(new Set())} />
      </div>
      <ReferenceGrid
        label="References"
        references={found(references, search)}
        chosen={chosen}
        onChosen={setMarked}
        onOpen={onOpen}
        className="h-[calc(100dvh-9.5rem)] min-h-80 max-lg:h-[calc(100dvh-15rem)]"
        empty={<EmptyPanel title="Nothing found" detail="No name or source has these letters." />}
      />
    </>
  );
}

interface ChosenBarProps {
  readonly chosen: ReadonlySet<string>;
  readonly onMake: (names: readonly string[]) => void;
  readonly onClear: () => void;
}

function ChosenBar({ chosen, onMake, onClear }: ChosenBarProps) {
  const mayChange = useMay('runs:write');
  const remove = useRemoval();
  if (chosen.size === 0 || !mayChange) return null;
  return (
    <div
      role="toolbar"
      aria-label="Chosen references"
      className="flex flex-wrap items-center gap-2"
    >
      <span className="text-sm text-muted tabular-nums">{chosen.size} chosen</span>
      <Button size="sm" variant="secondary" onPress={() => onMake([...chosen])}>
        Make images with {chosen.size}
      </Button>
      <Button size="sm" variant="danger-soft" onPress={() => remove.mutate([...chosen])}>
        Remove
      </Button>
      <Button size="sm" variant="ghost" onPress={onClear}>
        Clear
      </Button>
    </div>
  );
}
