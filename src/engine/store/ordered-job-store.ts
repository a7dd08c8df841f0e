/** What the store does for jobs that came in through a service: a part of `Store`. */
import type { JobFile, JobFileState } from '../core/job.ts';

export const ORDERED_JOB_STATES = ['waiting', 'working', 'done', 'failed', 'cancelled'] as const;
/** `waiting` and `working` ones are taken up by whoever keeps the service, also after a crash. */
export type OrderedJobState = (typeof ORDERED_JOB_STATES)[number];

export interface NewOrderedJob {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  readonly kind: string;
  readonly runId?: string;
  /** As it was asked for: anything that JSON can hold. */
  readonly request: unknown;
  /** The job of the tools. */
  readonly jobId: string;
}

export interface OrderedJob extends NewOrderedJob {
  readonly state: OrderedJobState;
  readonly problem?: string;
  readonly outcome?: unknown;
  readonly createdAt: number;
  readonly endedAt?: number;
}

export interface OrderedJobChange {
  readonly state: OrderedJobState;
  readonly problem?: string;
  readonly outcome?: unknown;
}

export interface OrderedJobPlace {
  readonly limit: number;
  /** Id of the entry before. */
  readonly after?: string;
  /** Only those that wait or are worked on, or only those that have ended. */
  readonly open?: boolean;
}

export interface JobFilePlace {
  readonly limit: number;
  /** Number of the picture before. */
  readonly after: number;
  readonly states?: readonly JobFileState[];
}

export interface OrderedJobStore {
  /** One of an id that is there already is left as it is. */
  orderJob(job: NewOrderedJob): Promise<void>;
  /** `undefined` for another workspace's. */
  findOrderedJob(workspace: string, id: string): Promise<OrderedJob | undefined>;
  /** Newest first. */
  listOrderedJobs(workspace: string, place: OrderedJobPlace): Promise<OrderedJob[]>;
  /** Of all workspaces: those that wait or are worked on, the oldest first. */
  openOrderedJobs(most: number): Promise<OrderedJob[]>;
  countOpenOrderedJobs(workspace: string): Promise<number>;
  /** Changes it if it waits or is worked on; tells whether it did. */
  changeOrderedJob(id: string, change: OrderedJobChange): Promise<boolean>;
  /** Pictures of a job of the tools, in the order of the work. */
  pageOfJobFiles(jobId: string, place: JobFilePlace): Promise<JobFile[]>;
}
