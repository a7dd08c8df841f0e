/** The tools, put together once for an engine. */
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { JobOrder } from '../core/job.ts';
import { isGone } from '../drive/recover.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { EnginePorts } from '../engine.ts';
import { EXIT_CODES } from '../exit-code.ts';
import type { Store, StoredJob } from '../store/store.ts';
import { concludeCheck, startCheck } from './check-pictures.ts';
import { makeContactSheets } from './contact-sheet.ts';
import { originsInStore } from './inspect/origins-in-store.ts';
import { inspectPath } from './inspect-path.ts';
import { previewWork } from './preview-work.ts';
import { orderKey, planJob } from './plan-job.ts';
import type { JobReport, JobResult, Tools, WorkOptions } from './tools.ts';
import { workOf } from './work-of.ts';
import { JobRound, type WorkEnd } from './work-on-job.ts';
import type { WorkingJobs } from './working-jobs.ts';

/** Jobs named in an error, so that a person sees what there is. */
const MOST_NAMED = 5;

/** `lease`: this process as a worker, also of the engine's runs. */
export function createTools(ports: EnginePorts, lease: WorkerLease, working: WorkingJobs): Tools {
  const { store } = ports;
  const workspace = ports.config.workspace?.id ?? 'local';
  const jobs = () => store.listJobs(workspace);
  return {
    inspect: (path, options = {}) =>
      inspectPath(path, {
        ...trustOf(ports),
        ...options,
        known: (sha256, marks) => originsInStore(ports, sha256, marks),
      }),
    planJob: (request, options = {}) => planJob(ports, workspace, request, options),
    preview: (order) => previewWork(ports, order),
    startJob: (order) => startJob(ports, workspace, order),
    workOn: (jobId, options = {}) =>
      working.begin(options.drain, (drain) => workOn(ports, lease, jobId, { ...options, drain })),
    findJob: async (idOrPrefix) => findJob(await jobs(), idOrPrefix),
    listJobs: jobs,
    jobReport: async (jobId) => reportJob(store, lease, await existing(store, jobId)),
    jobFiles: (jobId, states) => store.jobFiles(jobId, states),
    startCheck: (request) =>
      startCheck(ports, (order) => startJob(ports, workspace, order), request),
    concludeCheck: (check) => concludeCheck(ports, check),
    contactSheet: (order) => makeContactSheets(ports, order),
  };
}

/** Whose content credentials count as trusted, as the configuration says. */
function trustOf({ config }: EnginePorts): { readonly trustAnchors?: string } {
  const trustAnchors = config.credentials?.trustAnchors;
  return trustAnchors === undefined ? {} : { trustAnchors };
}

async function startJob(
  { store, random }: EnginePorts,
  workspace: string,
  order: JobOrder,
): Promise<{ job: StoredJob; continued: boolean }> {
  const key = orderKey(order);
  // Looked up before anything is written: a stopped owner may hold the store's lock while it is stopped.
  const known = await store.jobWithKey(workspace, key);
  if (known !== undefined) return { job: known, continued: true };
  const id = `j${random.id(9)}`;
  const job = await store.putJob({ id, workspace, orderKey: key, order });
  return { job, continued: job.id !== id };
}

async function workOn(
  ports: EnginePorts,
  lease: WorkerLease,
  jobId: string,
  options: WorkOptions,
): Promise<JobResult> {
  const { store } = ports;
  const claim = await claimJob(store, lease, await existing(store, jobId));
  if ('owner' in claim) return { kind: 'owned', owner: claim.owner };
  const { workerId } = claim;
  let end: WorkEnd | undefined;
  try {
    const job = await existing(store, jobId);
    const work = workOf(job.order.task, ports);
    end = await new JobRound(ports, job, workerId, work, options).run();
  } finally {
    // A store that is away cannot be told; whoever comes next sees that this process has died.
    const state = end === 'done' ? 'done' : 'running';
    const giving = store.releaseJob(jobId, workerId, state);
    await (end === undefined ? giving.catch(() => undefined) : giving);
  }
  const job = await existing(store, jobId);
  if (end === 'fenced') return { kind: 'owned', owner: await ownerOf(store, job) };
  const report = await reportJob(store, lease, job);
  if (typeof end === 'string') return { kind: 'ended', report };
  const { message: stopped, fault } = end.stopped;
  const mayPass = fault === 'failed';
  return { kind: 'ended', report: { ...report, stopped, mayPass, exitCode: EXIT_CODES.stopped } };
}

/** Makes the job this worker's, unless the process that has it still lives. */
async function claimJob(
  store: Store,
  lease: WorkerLease,
  job: StoredJob,
): Promise<{ workerId: string } | { owner: Owner }> {
  const from = job.workerId;
  if (from !== undefined) {
    // Also this process works on a job once at a time.
    if (await lease.isOwn(from)) return { owner: await ownerOf(store, job) };
    const worker = await store.findWorker(from);
    if (worker !== undefined && !(await isGone(lease, worker))) {
      return { owner: await ownerOf(store, job) };
    }
  }
  const workerId = await lease.start();
  if (await store.claimJob(job.id, workerId, from)) return { workerId };
  return { owner: await ownerOf(store, await existing(store, job.id)) };
}

type Owner = { readonly host: string; readonly pid: number };

async function ownerOf(store: Store, { workerId }: StoredJob): Promise<Owner> {
  const worker = workerId === undefined ? undefined : await store.findWorker(workerId);
  if (worker === undefined) return { host: 'unknown', pid: 0 };
  return { host: worker.host.split('/')[0]!, pid: worker.pid };
}

async function reportJob(store: Store, lease: WorkerLease, job: StoredJob): Promise<JobReport> {
  const counts = await store.jobCounts(job.id);
  const worker = job.workerId === undefined ? undefined : await store.findWorker(job.workerId);
  const left = counts.failed > 0 ? EXIT_CODES.failed : EXIT_CODES.delivered;
  return {
    job,
    counts,
    bytes: await store.jobBytes(job.id),
    exitCode: job.state === 'done' ? left : EXIT_CODES.interrupted,
    ...(job.reportFile !== undefined && { reportFile: join(job.order.out, job.reportFile) }),
    ...(worker !== undefined && {
      owner: { ...(await ownerOf(store, job)), alive: await lease.isAlive(worker) },
    }),
  };
}

async function existing(store: Store, jobId: string): Promise<StoredJob> {
  const job = await store.findJob(jobId);
  if (job === undefined) throw new UsageError(`There is no job ${jobId}.`);
  return job;
}

/** A job by its id or a unique beginning of it. Throws `UsageError` that names the newest jobs. */
function findJob(jobs: readonly StoredJob[], idOrPrefix: string): StoredJob {
  const exact = jobs.find((job) => job.id === idOrPrefix);
  if (exact !== undefined) return exact;
  const matching = jobs.filter((job) => job.id.startsWith(idOrPrefix));
  if (matching.length === 1) return matching[0]!;
  const known = jobs.slice(0, MOST_NAMED).map(({ id, order }) => `${id} (${order.out})`);
  const which = matching.length === 0 ? 'There is no job' : 'More than one job begins with';
  const list = known.length === 0 ? 'There are no jobs yet.' : `Newest: ${known.join(', ')}.`;
  throw new UsageError(`${which} ${idOrPrefix}. ${list}`);
}
