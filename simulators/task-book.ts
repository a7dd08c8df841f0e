import type { ImageFormat } from '../src/engine/core/quality.ts';
import type { Size } from '../src/engine/core/size.ts';
import type { FaultName } from './behaviour.ts';
import type { PictureOrder } from './picture.ts';

/** How a task will end; decided when it is taken, seen when its time has come. */
export type TaskEnd = 'ready' | 'refused-input' | 'refused-output' | 'failed';

/** A task of a vendor that answers with an id first. */
export interface Task {
  readonly id: string;
  /** The client's own id, where the vendor takes one. */
  readonly key?: string;
  readonly model: string;
  readonly prompt: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly end: TaskEnd;
  /** What is painted again at each download: the same order gives the same bytes. */
  readonly pictures: readonly PictureOrder[];
  /** How many addresses handed out next have expired already. */
  expiredAddresses: number;
}

/** All tasks of a vendor, findable by its id and by the client's. */
export class TaskBook<Kept extends Task = Task> {
  readonly #byId = new Map<string, Kept>();
  readonly #byKey = new Map<string, Kept>();

  add(task: Kept): void {
    this.#byId.set(task.id, task);
    if (task.key !== undefined) this.#byKey.set(task.key, task);
  }

  find(idOrKey: string): Kept | undefined {
    return this.#byId.get(idOrKey) ?? this.#byKey.get(idOrKey);
  }

  hasKey(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Newest first. */
  list(): readonly Kept[] {
    return [...this.#byId.values()].reverse();
  }
}

/** The pictures a task makes, with the faults that concern them. */
export function orderPictures(asked: {
  readonly taskId: string;
  readonly prompt: string;
  readonly size: Size;
  readonly format: ImageFormat;
  readonly count: number;
  readonly fault: FaultName | undefined;
  /** As `VendorState.blurOf` says. */
  readonly blur?: number | undefined;
}): readonly PictureOrder[] {
  const { taskId, prompt, format, fault, blur } = asked;
  const { width, height } = asked.size;
  const count = fault === 'fewerImages' ? asked.count - 1 : asked.count;
  const size = fault === 'wrongSize' ? { width: width / 2, height: height / 2 } : asked.size;
  return Array.from({ length: count }, (_, index) => {
    const imageId = `${taskId}-${index}`;
    const texture = blur === undefined ? {} : { blur };
    return { size, format, prompt, imageId, blank: fault === 'blank', ...texture };
  });
}
