/** References as a wall of pictures: arrow keys move, space chooses; only what is seen is in the page. */
import type { ReactNode } from 'react';
import { Checkbox } from '@heroui/react';
import {
  GridLayout,
  GridList,
  GridListItem,
  type Selection,
  Size,
  Virtualizer,
} from 'react-aria-components';
import { type Reference, thumbnailOf } from '../queries/references.ts';
import { Picture } from './picture.tsx';

interface ReferenceGridProps {
  readonly references: readonly Reference[];
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (names: ReadonlySet<string>) => void;
  /** Opens one of them. Absent: a press chooses it. */
  readonly onOpen?: (name: string) => void;
  readonly label: string;
  /** Instead of pictures. */
  readonly empty: ReactNode;
  readonly className?: string;
}

/** Pixels: two beside each other on the smallest phones. */
const SIDE = 132;
const CAPTION = 46;

export function ReferenceGrid(props: ReferenceGridProps) {
  const { references, chosen, onChosen, onOpen, label, empty, className = '' } = props;
  const take = (selection: Selection) =>
    onChosen(
      selection === 'all'
        ? new Set([...chosen, ...references.map(({ name }) => name)])
        : new Set([...selection].map(String)),
    );
  return (
    <Virtualizer
      layout={GridLayout}
      layoutOptions={{
        minItemSize: new Size(SIDE, SIDE + CAPTION),
        maxItemSize: new Size(SIDE * 1.7, SIDE * 1.7 + CAPTION),
        minSpace: new Size(10, 10),
        // Rows of one height: pictures that come later move nothing.
        preserveAspectRatio: true,
      }}
    >
      <GridList
        aria-label={label}
        layout="grid"
        items={references.map((reference) => ({ id: reference.name, reference }))}
        selectionMode="multiple"
        selectedKeys={chosen}
        onSelectionChange={take}
        {...(onOpen && { onAction: (key) => onOpen(String(key)) })}
        renderEmptyState={() => empty}
        className={`-mx-2.5 block overflow-auto outline-none ${className}`}
      >
        {({ reference }) => <Tile reference={reference} />}
      </GridList>
    </Virtualizer>
  );
}

function Tile({ reference }: { readonly reference: Reference }) {
  const { name, width, height } = reference;
  return (
    <GridListItem
      id={name}
      textValue={name}
      className="group relative flex h-full cursor-pointer flex-col overflow-hidden rounded-md border border-separator bg-surface outline-none data-[focus-visible]:ring-2 data-[focus-visible]:ring-focus data-[hovered]:border-foreground/30 data-[selected]:border-accent data-[selected]:ring-2 data-[selected]:ring-accent data-[focus-visible]:ring-offset-2 data-[focus-visible]:ring-offset-background"
    >
      <span className="min-h-0 grow">
        <Picture src={thumbnailOf(reference, 360)} alt="" />
      </span>
      <span className="shrink-0 px-2 py-1.5">
        <span className="block truncate text-sm font-medium text-foreground">@{name}</span>
        <span className="block truncate text-xs text-muted tabular-nums">
          {width} × {height}
        </span>
      </span>
      <Checkbox slot="selection" variant="secondary" className="absolute top-1.5 left-1.5">
        <Checkbox.Content>
          <Checkbox.Control className="border border-muted">
            <Checkbox.Indicator />
          </Checkbox.Control>
        </Checkbox.Content>
      </Checkbox>
    </GridListItem>
  );
}
