/**
 * Figures for Prometheus. Their labels are few by nature: routes of the API, models and lanes of the catalog,
 * limits of vendors, states. None names a run, a key, an account or a workspace.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { fromMicros } from '../../engine/core/credits.ts';
import type { ActivityCount, Engine } from '../../engine/engine-types.ts';
import { VERSION } from '../../engine/version.ts';
import { countWorkers } from './worker-metrics.ts';
import type { AnsweredRequest } from './observe-requests.ts';

/** From a question to memory up to a request that waits for its images, in seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #open: Gauge;

  constructor(engine: Pick<Engine, 'service' | 'keeper' | 'work'>) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'imagemill_build_info',
      help: 'The version.',
      labelNames: ['version'],
      registers,
    })
      .labels(VERSION)
      .set(1);
    this.#requests = new Histogram({
      name: 'imagemill_http_request_seconds',
      help: 'Requests by route and status, and the time until the answer began.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.#open = new Gauge({
      name: 'imagemill_http_requests_open',
      help: 'Requests that have no answer yet.',
      registers,
    });
    new Gauge({
      name: 'imagemill_runs_driven',
      help: 'Runs that this process works on.',
      registers,
      collect() {
        this.set(engine.keeper.driven);
      },
    });
    this.#countActivity(engine);
    this.#countStore(engine);
    countWorkers(engine, this.#registry);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  began(): void {
    this.#open.inc();
  }

  answered({ method, route, status, ms }: AnsweredRequest): void {
    this.#open.dec();
    this.#requests.labels(method, route, String(status)).observe(ms / 1000);
  }

  /** What this process did since it started: the sum over all processes is what was done. */
  #countActivity({ service: { operations } }: Pick<Engine, 'service'>): void {
    const registers = [this.#registry];
    const counter = (name: string, help: string, labelNames: string[], of: CountsOf) =>
      new Counter({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const { labels, count } of of()) this.inc(labels, count);
        },
      });
    counter(
      'imagemill_images_total',
      'Images by model and outcome.',
      ['model', 'outcome'],
      () => operations.activity.images,
    );
    counter(
      'imagemill_attempts_total',
      'Sendings by lane and how they ended; returned: nothing was made, and it waits again.',
      ['lane', 'end'],
      () => operations.activity.attempts,
    );
    counter(
      'imagemill_waits_total',
      "How often a lane's next request had to wait, by limit.",
      ['limit'],
      () => operations.activity.waits,
    );
    new Gauge({
      name: 'imagemill_requests_in_flight',
      help: 'Requests that this process has at vendors.',
      labelNames: ['lane'],
      registers,
      collect() {
        this.reset();
        for (const { labels, count } of operations.activity.inFlight) this.set(labels, count);
      },
    });
  }

  /** What the store says: the same from every process, so take one of them. */
  #countStore({ service: { operations } }: Pick<Engine, 'service'>): void {
    const gauge = (name: string, help: string, labelNames: string[], values: ValuesOf) =>
      new Gauge({
        name: `imagemill_${name}`,
        help,
        labelNames,
        registers: [this.#registry],
        async collect() {
          this.reset();
          for (const [labels, value] of values(await operations.standing()))
            this.set(labels, value);
        },
      });
    gauge('runs', 'Runs by state.', ['state'], ({ runs }) =>
      runs.map(({ state, runs: count }) => [{ state }, count]),
    );
    gauge(
      'queue_requests',
      'Requests of runs that have not ended, by lane and state.',
      ['lane', 'state'],
      ({ requests }) =>
        requests.map(({ lane, state, requests: count }) => [{ lane, state }, count]),
    );
    gauge('queue_images', 'Images of those requests.', ['lane', 'state'], ({ requests }) =>
      requests.map(({ lane, state, images }) => [{ lane, state }, images]),
    );
    gauge(
      'ledger_credits',
      'Credits of all runs: posted for delivered images, held for what is under way.',
      ['account'],
      ({ runs }) => [
        [{ account: 'posted' }, fromMicros(sum(runs, (each) => each.postedCreditMicros))],
        [{ account: 'held' }, fromMicros(sum(runs, (each) => each.heldCreditMicros))],
      ],
    );
    gauge('ledger_usd', 'Dollars of vendors of all runs.', ['account'], ({ runs }) => [
      [{ account: 'billed' }, fromMicros(sum(runs, (each) => each.actualUsdMicros))],
      [{ account: 'held' }, fromMicros(sum(runs, (each) => each.heldUsdMicros))],
      [{ account: 'written_off' }, fromMicros(sum(runs, (each) => each.writtenOffUsdMicros))],
    ]);
    gauge(
      'workspace_credits',
      'Credits of all workspaces together.',
      ['account'],
      ({ workspaces: { availableCreditMicros, heldCreditMicros, boughtCreditMicros } }) => [
        [{ account: 'available' }, fromMicros(availableCreditMicros)],
        [{ account: 'held' }, fromMicros(heldCreditMicros)],
        [{ account: 'bought' }, fromMicros(boughtCreditMicros)],
      ],
    );
    gauge('workspaces', 'Workspaces.', [], ({ workspaces }) => [[{}, workspaces.workspaces]]);
    gauge('jobs', 'Jobs of tools by state.', ['state'], ({ jobs }) =>
      jobs.map(({ state, jobs: count }) => [{ state }, count]),
    );
    gauge('webhook_deliveries', 'Deliveries of webhooks by state.', ['state'], (standing) =>
      standing.webhookDeliveries.map(({ state, deliveries }) => [{ state }, deliveries]),
    );
  }
}

type CountsOf = () => readonly ActivityCount[];
type Standing = Awaited<ReturnType<Engine['service']['operations']['standing']>>;
type ValuesOf = (standing: Standing) => readonly (readonly [Record<string, string>, number])[];

function sum<Each>(all: readonly Each[], of: (each: Each) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
