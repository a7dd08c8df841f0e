/** The store on SQL. What each operation does is in `statements/`, one file for each concern. */
import type { StoreContext } from './context.ts';
import { GroupCommits } from './group-commits.ts';
import { migrate } from './migrate.ts';
import type { OpenDatabase } from './sqlite.ts';
import * as admission from './statements/admit.ts';
import * as amendments from './statements/amend.ts';
import * as attempts from './statements/attempts.ts';
import { beginRun } from './statements/begin-run.ts';
import * as bundles from './statements/bundles.ts';
import * as decisions from './statements/decisions.ts';
import * as ended from './statements/ended.ts';
import * as jobFiles from './statements/job-files.ts';
import * as jobListing from './statements/job-listing.ts';
import * as jobs from './statements/jobs.ts';
import * as limits from './statements/limits.ts';
import * as levels from './statements/levels.ts';
import * as lines from './statements/lines.ts';
import * as measures from './statements/measures.ts';
import { itemsOfImage } from './statements/items-of-image.ts';
import { moveToBatch } from './statements/move-to-batch.ts';
import * as placed from './statements/placed-files.ts';
import * as queries from './statements/queries.ts';
import * as records from './statements/records.ts';
import * as recovery from './statements/recover.ts';
import * as references from './statements/references.ts';
import * as refusals from './statements/refusals.ts';
import * as finishing from './statements/finishing-tasks.ts';
import * as hands from './statements/run-hands.ts';
import * as runs from './statements/runs.ts';
import * as sent from './statements/sent-attempts.ts';
import { putWholeRun } from './statements/whole-run.ts';
import * as workers from './statements/workers.ts';
import { type Bind, serviceOperations } from './service-operations.ts';
import type { Decisions, Store } from './store.ts';

/** Opens the store on a database, bringing its tables up to date. */
export async function createSqlStore(
  opened: OpenDatabase,
  pureDecisions: Decisions,
): Promise<Store> {
  await migrate(opened);
  const { database, dialect } = opened;
  const commits = new GroupCommits();
  const context: StoreContext = { database, dialect, decisions: pureDecisions, commits };
  const bind: Bind =
    (operation) =>
    (...rest) =>
      operation(context, ...rest);
  return {
    now: () => dialect.now(database),
    level: bind(levels.storeLevel),
    tooOld: bind(levels.tooOld),
    registerWorker: bind(workers.registerWorker),
    renewWorker: bind(workers.renewWorker),
    removeWorker: bind(workers.removeWorker),
    findWorker: bind(workers.findWorker),
    fenceWorker: bind(workers.fenceWorker),
    registeredWorkers: bind(workers.registeredWorkers),
    runsWithWork: bind(hands.runsWithWork),
    joinRun: bind(hands.joinRun),
    leaveRun: bind(hands.leaveRun),
    handsOf: bind(hands.handsOf),
    lastEvent: bind(hands.lastEvent),
    newsElsewhere: bind(hands.newsElsewhere),
    offerFinishing: bind(finishing.offerFinishing),
    offeredFinishing: bind(finishing.offeredFinishing),
    withdrawFinishing: bind(finishing.withdrawFinishing),
    freeFinishing: bind(finishing.freeFinishing),
    removeFinishing: bind(finishing.removeFinishing),
    takeFinishing: bind(finishing.takeFinishing),
    endFinishing: bind(finishing.endFinishing),
    removeStrayFinishing: bind(finishing.removeStrayFinishing),
    createRun: bind(runs.createRun),
    putWholeRun: bind(putWholeRun),
    findRun: bind(runs.findRun),
    listRuns: bind(runs.listRuns),
    runOwning: bind(runs.runOwning),
    claimRun: bind(runs.claimRun),
    beginRun: bind(beginRun),
    changeRun: bind(runs.changeRun),
    askRun: bind(runs.askRun),
    setSettings: bind(runs.setSettings),
    setWaits: bind(runs.setWaits),
    resetBreaker: bind(runs.resetBreaker),
    refusalTally: bind(refusals.refusalTally),
    refusedRows: bind(refusals.refusedRows),
    refusalKinds: bind(refusals.refusalKinds),
    beginReading: bind(lines.beginReading),
    putLines: bind(lines.putLines),
    endReading: bind(lines.endReading),
    rowsForProof: bind(queries.rowsForProof),
    admit: bind(admission.admit),
    accepted: bind(attempts.accepted),
    settle: bind(attempts.settle),
    returned: bind(attempts.returned),
    markUnknown: bind(attempts.markUnknown),
    decideUnknown: bind(attempts.decideUnknown),
    openBundles: bind(bundles.openBundles),
    bundleAccepted: bind(bundles.bundleAccepted),
    bundleProgress: bind(bundles.bundleProgress),
    returnBundle: bind(bundles.returnBundle),
    moveToLive: bind(bundles.moveToLive),
    moveToBatch: bind(moveToBatch),
    openRequestSizes: bind(bundles.openRequestSizes),
    learn: bind(limits.learn),
    gauges: bind(limits.gauges),
    grants: bind(limits.grants),
    waitingLanes: bind(queries.waitingLanes),
    proofOpen: bind(queries.proofOpen),
    openAttempts: bind(recovery.openAttempts),
    takeAttempt: bind(recovery.takeAttempt),
    retry: bind(decisions.retry),
    endedRequests: bind(ended.endedRequests),
    amendEnded: bind(amendments.amendEnded),
    amendWaiting: bind(amendments.amendWaiting),
    cancelWaiting: bind(decisions.cancelWaiting),
    namedReferences: bind(references.namedReferences),
    findNamedReference: bind(references.findNamedReference),
    putNamedReference: bind(references.putNamedReference),
    removeNamedReference: bind(references.removeNamedReference),
    restoreNamedReference: bind(references.restoreNamedReference),
    renameNamedReference: bind(references.renameNamedReference),
    itemReferences: bind(references.itemReferences),
    findUpload: bind(references.findUpload),
    putUpload: bind(references.putUpload),
    forgetUploads: bind(references.forgetUploads),
    noteReferenceChanges: bind(references.noteReferenceChanges),
    nextRows: bind(references.nextRows),
    droppedFiles: bind(placed.droppedFiles),
    setFiles: bind(placed.setFiles),
    beginFiles: bind(placed.beginFiles),
    counts: bind(queries.counts),
    countRows: bind(queries.countRows),
    finishFailures: bind(queries.finishFailures),
    pricedRequests: bind(queries.pricedRequests),
    atRisk: bind(queries.atRisk),
    countsByModel: bind(queries.countsByModel),
    record: bind(records.record),
    itemsOfImage: bind(itemsOfImage),
    records: bind(records.records),
    measured: bind(measures.measured),
    measuredAtEnd: bind(measures.measuredAtEnd),
    detailCurve: bind(measures.detailCurve),
    longestStreak: bind(measures.longestStreak),
    canaries: bind(measures.canaries),
    flagCounts: bind(measures.flagCounts),
    setFindings: bind(measures.setFindings),
    skippedRows: bind(queries.skippedRows),
    ledger: bind(queries.ledger),
    journal: bind(queries.journal),
    sentAttempts: bind(sent.sentAttempts),
    putJob: bind(jobs.putJob),
    findJob: bind(jobs.findJob),
    jobWithKey: bind(jobs.jobWithKey),
    listJobs: bind(jobs.listJobs),
    claimJob: bind(jobs.claimJob),
    releaseJob: bind(jobs.releaseJob),
    setJobReport: bind(jobs.setJobReport),
    beginListing: bind(jobListing.beginListing),
    putSources: bind(jobListing.putSources),
    endListing: bind(jobListing.endListing),
    ownNames: bind(jobListing.ownNames),
    waitingSources: bind(jobFiles.waitingSources),
    claimOutputs: bind(jobFiles.claimOutputs),
    settleJobFile: bind(jobFiles.settleJobFile),
    requeueJobFiles: bind(jobFiles.requeueJobFiles),
    setJobFindings: bind(jobFiles.setJobFindings),
    jobCounts: bind(jobFiles.jobCounts),
    jobBytes: bind(jobFiles.jobBytes),
    jobFiles: bind(jobFiles.jobFiles),
    ...serviceOperations(bind),
    [Symbol.asyncDispose]: () => database.destroy(),
  };
}
