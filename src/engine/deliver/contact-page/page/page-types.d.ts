/** What the page's scripts share: they are plain scripts, loaded one after the other. */
type PageItem = import('../page-item.ts').PageItem;
type PageFacts = import('../page-html.ts').PageFacts;

/** An item in memory: its place, and what a search looks through. */
type ShownItem = PageItem & {
  readonly at: number;
  readonly text: string;
};

type Group = 'state' | 'model' | 'flag' | 'source';

/** What is drawn: lines of cells, all of one height. */
interface Lines {
  readonly count: number;
  /** Cells of the longest line. */
  readonly columns: number;
  /** The cells of a line; a cell may be empty. */
  cellsOf(line: number): readonly (ShownItem | undefined)[];
  /** Line and column of an item. */
  placeOf(item: ShownItem): Place | undefined;
  /** Side by side: what stands over the columns, and before a line. */
  readonly headings?: readonly string[];
  leaderOf?(line: number): ShownItem;
}

interface Place {
  readonly line: number;
  readonly column: number;
}
