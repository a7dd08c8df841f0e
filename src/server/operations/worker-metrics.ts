/** Figures of shared work: what this process does of it, and how all processes on the store stand. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { WorkerLoad } from '../../engine/core/worker.ts';
import type { Engine } from '../../engine/engine-types.ts';

export function countWorkers(engine: Pick<Engine, 'service' | 'work'>, registry: Registry): void {
  countOwn(engine, registry);
  countAll(engine, registry);
}

/** What this process does: the sum over all processes is what is done. */
function countOwn({ work }: Pick<Engine, 'work'>, registry: Registry): void {
  const registers = [registry];
  const gauge = (name: string, help: string, of: keyof WorkerLoad) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(work.load[of]);
      },
    });
  gauge('imagemill_hands_lent', 'Runs of others that this process sends requests of.', 'hands');
  gauge('imagemill_finishing', 'Pictures of others that this process finishes.', 'finishing');
  new Counter({
    name: 'imagemill_finished_for_others_total',
    help: 'Pictures of others that this process has finished.',
    registers,
    collect() {
      this.reset();
      this.inc(work.load.finished);
    },
  });
  new Gauge({
    name: 'imagemill_takes',
    help: 'Kinds of shared work that this process takes up.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const kind of work.kinds) this.set({ kind }, 1);
    },
  });
}

/** What the store says: the same from every process, so take one of them. */
function countAll({ service: { workers } }: Pick<Engine, 'service'>, registry: Registry): void {
  const gauge = (
    name: string,
    help: string,
    label: string,
    read: () => Promise<Readonly<Record<string, number>>>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        for (const [value, count] of Object.entries(await read())) {
          this.set({ [label]: value }, count);
        }
      },
    });
  gauge('imagemill_workers', 'Processes on the store by standing.', 'standing', async () => {
    return (await workers.figures()).standings;
  });
  gauge(
    'imagemill_workers_taking',
    'Processes that take up each kind of work.',
    'kind',
    async () => (await workers.figures()).taking,
  );
  gauge(
    'imagemill_untaken',
    'Runs, jobs and offered pictures that may be worked on and nobody has.',
    'kind',
    async () => (await workers.untaken()).work,
  );
}
