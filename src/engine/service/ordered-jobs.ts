/** Jobs that came in through a service: ordered, found, and kept going by whoever asks what is open. */
import type { JobFile } from '../core/job.ts';
import type {
  JobFilePlace,
  NewOrderedJob,
  OrderedJob,
  OrderedJobChange,
  OrderedJobPlace,
} from '../store/ordered-job-store.ts';
import type { Store } from '../store/store.ts';

export interface OrderedJobsDeps {
  readonly store: Store;
}

export class OrderedJobs {
  readonly #store: Store;

  constructor({ store }: OrderedJobsDeps) {
    this.#store = store;
  }

  /** It waits from now on. Ordering it again changes nothing. */
  async order(job: NewOrderedJob): Promise<OrderedJob> {
    await this.#store.orderJob(job);
    return (await this.#store.findOrderedJob(job.workspace, job.id))!;
  }

  /** `undefined` for another workspace's. */
  find(workspace: string, id: string): Promise<OrderedJob | undefined> {
    return this.#store.findOrderedJob(workspace, id);
  }

  /** Newest first. */
  list(workspace: string, place: OrderedJobPlace): Promise<OrderedJob[]> {
    return this.#store.listOrderedJobs(workspace, place);
  }

  /** Of all workspaces, oldest first. */
  open(most: number): Promise<OrderedJob[]> {
    return this.#store.openOrderedJobs(most);
  }

  countOpen(workspace: string): Promise<number> {
    return this.#store.countOpenOrderedJobs(workspace);
  }

  /** Only what waits or is worked on changes; tells whether it did. */
  change(id: string, change: OrderedJobChange): Promise<boolean> {
    return this.#store.changeOrderedJob(id, change);
  }

  files({ jobId }: OrderedJob, place: JobFilePlace): Promise<JobFile[]> {
    return this.#store.pageOfJobFiles(jobId, place);
  }
}
