import type { FaultName } from './behaviour.ts';
import type { ReceivedPicture } from './received-picture.ts';

/** One call as the vendor saw it. Fields fill up while it is dealt with. */
export interface LoggedRequest {
  /** Counted from 1 in order of arrival. */
  readonly number: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** `batch` and `upload` are a batch's creation and a file sent ahead; a vendor's pace is not for them. */
  operation: 'submit' | 'poll' | 'download' | 'batch' | 'upload' | 'other';
  model?: string;
  requestKey?: string;
  /** Images asked for by a submit. */
  images?: number;
  /** Pictures that came along as bytes, or that were uploaded. */
  references?: readonly ReceivedPicture[];
  /** Whether a submit was let through the limits: then its images count, whatever follows. */
  admitted: boolean;
  admittedAt?: number;
  /** How many slots it fills, from `admittedAt` until `activeUntil`. */
  slots?: number;
  activeUntil?: number;
  fault?: FaultName;
  /** The prompt was refused by policy. */
  moderated?: boolean;
  /** Absent when no answer left. */
  status?: number;
}

/** Every call that reached a simulator, in order of arrival. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  open(at: number, method: string, path: string): LoggedRequest {
    const number = this.entries.length + 1;
    const entry: LoggedRequest = { number, at, method, path, operation: 'other', admitted: false };
    this.entries.push(entry);
    return entry;
  }

  toJSON(): { entries: readonly LoggedRequest[] } {
    return { entries: this.entries };
  }
}
