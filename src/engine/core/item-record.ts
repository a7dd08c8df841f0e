import type { BegunFiles, MoreFile } from './finishing.ts';
import type { Flag } from './flag.ts';
import type { ImageFacts, ItemState } from './outcome.ts';
import type { ReferenceChange } from './reference.ts';
import type { RefusalCategory, RefusalStage } from './refusal.ts';
import type { ClientMark, Review } from './review.ts';
import type { Row } from './row.ts';
import type { Size } from './size.ts';

/** An item with all that delivery needs to know of it, as the store reads it. */
export interface ItemRecord {
  readonly itemId: string;
  readonly row: Pick<Row, 'number' | 'line' | 'prompt' | 'name' | 'cells'>;
  /** Which of the row's images, counted from 1, and how many the row has. */
  readonly index: number;
  readonly count: number;
  readonly model: string;
  readonly vendor: string;
  /** The prompt as it was sent (style and appended negative included). */
  readonly sentPrompt: string;
  readonly negativePrompt?: string;
  readonly size: Size;
  readonly quality: string;
  readonly seed?: number;
  /** The row's references as planned: absolute paths, addresses, `@names`. Absent: none. */
  readonly references?: readonly string[];
  /** What was done to copies of them before they were sent; absent: nothing. */
  readonly referenceChanges?: readonly ReferenceChange[];
  readonly state: ItemState;
  /** Why it was refused, failed, unknown, or what a waiting item waits for. */
  readonly reason?: string;
  /** Of a refused item: where the vendor's policy said no, and what it was about, where that is told. */
  readonly refusal?: { readonly stage?: RefusalStage; readonly category?: RefusalCategory };
  /** When a waiting item's obstacle is over, where that is known. */
  readonly waitsUntil?: number;
  /** The stored master, when there is one (also of a failed item whose bytes were kept). */
  readonly image?: ImageFacts;
  /** Path inside the out folder, once delivered there. */
  readonly file?: string;
  /** Its other files there. Absent: none. */
  readonly moreFiles?: readonly MoreFile[];
  /** How its files were made (`finishKey`). Absent: unknown, or not delivered yet. */
  readonly finishedBy?: string;
  /** Files that were begun and not written down as there; it has no `file` then. */
  readonly begun?: BegunFiles;
  /** Why the run's recipe could not be worked on it: it was delivered as it was made. */
  readonly finishFailure?: string;
  /** Which canary of its model it is; absent: an image of the sheet. */
  readonly canary?: number;
  /** Measured detail (`PictureMeasures`). */
  readonly detail?: number;
  /** 0 (the same) to 1: how far it is from its reference, or from the run's own start. */
  readonly drift?: number;
  /** What was found about the picture; absent while it is not judged. */
  readonly flags?: readonly Flag[];
  /** It was screened, and flagged or not. Absent: it was not. */
  readonly isScreened?: true;
  /** What the workspace said of it; absent: nothing. It goes when the item is made again. */
  readonly review?: Review;
  /** What a visitor of a shared page said of it; absent: nothing. */
  readonly clientMark?: ClientMark;
  readonly creditMicros: number;
  readonly usdMicros?: number;
  readonly attempt: number;
  /** The vendor's id of the task or request, when it gave one. */
  readonly vendorRef?: string;
}

/** What the run as a whole contributes to marks, manifest and results. */
export interface RunFacts {
  readonly runId: string;
  readonly planHash: string;
  readonly createdAt: number;
  readonly generator: string;
}
