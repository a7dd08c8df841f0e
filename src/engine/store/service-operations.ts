/** Binds what the store does for a service: one block for each part of the store. */
import type { StoreContext } from './context.ts';
import type { CreditStore } from './credit-store.ts';
import type { DashboardStore } from './dashboard-store.ts';
import type { FileStore } from './file-store.ts';
import type { FollowUpStore } from './follow-up-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { KeepingStore } from './keeping-store.ts';
import type { LimitStore } from './limit-store.ts';
import type { OrderedJobStore } from './ordered-job-store.ts';
import type { ReviewStore } from './review-store.ts';
import type { RunListingStore } from './run-listing-store.ts';
import type { ShareStore } from './share-store.ts';
import * as keys from './statements/api-keys.ts';
import * as credits from './statements/credits.ts';
import * as followUps from './statements/follow-ups.ts';
import * as invitations from './statements/invitations.ts';
import * as dashboard from './statements/dashboard.ts';
import * as idempotency from './statements/idempotency.ts';
import * as itemListing from './statements/item-listing.ts';
import * as keeping from './statements/keeping.ts';
import * as limitBoard from './statements/limit-board.ts';
import * as orderedJobs from './statements/ordered-jobs.ts';
import * as batches from './statements/openai-batches.ts';
import * as payments from './statements/payment-orders.ts';
import { reopenRuns, reopenRunsOfKey } from './statements/reopen-runs.ts';
import * as reviews from './statements/reviews.ts';
import * as files from './statements/stored-files.ts';
import { standing } from './statements/standing.ts';
import * as sessions from './statements/sessions.ts';
import * as marks from './statements/share-marks.ts';
import * as shares from './statements/shares.ts';
import * as runListing from './statements/run-listing.ts';
import * as tiles from './statements/tiles.ts';
import * as uploads from './statements/uploads.ts';
import { usage } from './statements/usage.ts';
import { workspaceLedger } from './statements/workspace-ledger.ts';
import * as deliveries from './statements/webhook-deliveries.ts';
import * as webhooks from './statements/webhooks.ts';
import * as events from './statements/workspace-events.ts';
import * as workerBoard from './statements/worker-board.ts';
import * as workspaces from './statements/workspaces.ts';
import type { StandingStore } from './standing-store.ts';
import type { TileStore } from './tile-store.ts';
import type { UploadStore } from './upload-store.ts';
import type { WebhookStore } from './webhook-store.ts';
import type { WorkerBoardStore } from './worker-board-store.ts';
import type { WorkspaceStore } from './workspace-store.ts';

export interface ServiceStore
  extends
    WorkspaceStore,
    CreditStore,
    WebhookStore,
    IdempotencyStore,
    FileStore,
    LimitStore,
    OrderedJobStore,
    RunListingStore,
    ReviewStore,
    FollowUpStore,
    ShareStore,
    StandingStore,
    TileStore,
    KeepingStore,
    UploadStore,
    WorkerBoardStore,
    DashboardStore {}

/** Gives an operation its context. */
export type Bind = <Rest extends unknown[], Result>(
  operation: (context: StoreContext, ...rest: Rest) => Result,
) => (...rest: Rest) => Result;

export function serviceOperations(bind: Bind): ServiceStore {
  return {
    ...workspaceOperations(bind),
    ...creditOperations(bind),
    ...webhookOperations(bind),
    ...idempotencyOperations(bind),
    ...fileOperations(bind),
    ...limitOperations(bind),
    ...orderedJobOperations(bind),
    ...runListingOperations(bind),
    changeReviews: bind(reviews.changeReviews),
    reviewSummary: bind(reviews.reviewSummary),
    ...followUpOperations(bind),
    ...shareOperations(bind),
    ...keepingOperations(bind),
    ...dashboardOperations(bind),
    ...tileOperations(bind),
    ...uploadOperations(bind),
    ...workerBoardOperations(bind),
    standing: bind(standing),
  };
}

function workspaceOperations(bind: Bind): WorkspaceStore {
  return {
    createWorkspace: bind(workspaces.createWorkspace),
    findWorkspace: bind(workspaces.findWorkspace),
    listWorkspaces: bind(workspaces.listWorkspaces),
    changeWorkspace: bind(workspaces.changeWorkspace),
    createApiKey: bind(keys.createApiKey),
    findApiKey: bind(keys.findApiKey),
    findApiKeyByHash: bind(keys.findApiKeyByHash),
    listApiKeys: bind(keys.listApiKeys),
    changeApiKey: bind(keys.changeApiKey),
    revokeApiKey: bind(keys.revokeApiKey),
    rotateApiKey: bind(keys.rotateApiKey),
    touchApiKey: bind(keys.touchApiKey),
    inviteHolder: bind(invitations.inviteHolder),
    acceptInvitation: bind(invitations.acceptInvitation),
    createSession: bind(sessions.createSession),
    findSession: bind(sessions.findSession),
    endSession: bind(sessions.endSession),
  };
}

function creditOperations(bind: Bind): CreditStore {
  return {
    writeCreditEntry: bind(credits.writeCreditEntry),
    findCreditEntry: bind(credits.findCreditEntry),
    reopenRuns: bind(reopenRuns),
    reopenRunsOfKey: bind(reopenRunsOfKey),
    applyCeilings: bind(credits.applyCeilings),
    tellLowBalances: bind(credits.tellLowBalances),
    createPaymentOrder: bind(payments.createPaymentOrder),
    setPaymentSession: bind(payments.setPaymentSession),
    findPaymentOrder: bind(payments.findPaymentOrder),
    findPaidOrder: bind(payments.findPaidOrder),
    notePayment: bind(payments.notePayment),
    workspaceLedger: bind(workspaceLedger),
    usage: bind(usage),
  };
}

function webhookOperations(bind: Bind): WebhookStore {
  return {
    workspaceEvents: bind(events.workspaceEvents),
    tellWorkspace: bind(events.tellWorkspace),
    workspaceMarks: bind(events.workspaceMarks),
    runMarks: bind(events.runMarks),
    forgetEvents: bind(events.forgetEvents),
    createWebhook: bind(webhooks.createWebhook),
    findWebhook: bind(webhooks.findWebhook),
    listWebhooks: bind(webhooks.listWebhooks),
    changeWebhook: bind(webhooks.changeWebhook),
    rotateWebhook: bind(webhooks.rotateWebhook),
    removeWebhook: bind(webhooks.removeWebhook),
    fanOut: bind(webhooks.fanOut),
    claimDeliveries: bind(deliveries.claimDeliveries),
    endDelivery: bind(deliveries.endDelivery),
    findDelivery: bind(deliveries.findDelivery),
    listDeliveries: bind(deliveries.listDeliveries),
    replayDeliveries: bind(deliveries.replayDeliveries),
    keepSecret: bind(events.keepSecret),
  };
}

function idempotencyOperations(bind: Bind): IdempotencyStore {
  return {
    claimRequest: bind(idempotency.claimRequest),
    retakeRequest: bind(idempotency.retakeRequest),
    endRequest: bind(idempotency.endRequest),
    forgetRequests: bind(idempotency.forgetRequests),
  };
}

function fileOperations(bind: Bind): FileStore {
  return {
    createStoredFile: bind(files.createStoredFile),
    findStoredFile: bind(files.findStoredFile),
    listStoredFiles: bind(files.listStoredFiles),
    deleteStoredFile: bind(files.deleteStoredFile),
    expiredStoredFiles: bind(files.expiredStoredFiles),
    createOpenaiBatch: bind(batches.createOpenaiBatch),
    findOpenaiBatch: bind(batches.findOpenaiBatch),
    listOpenaiBatches: bind(batches.listOpenaiBatches),
    openOpenaiBatches: bind(batches.openOpenaiBatches),
    claimOpenaiBatch: bind(batches.claimOpenaiBatch),
    releaseOpenaiBatch: bind(batches.releaseOpenaiBatch),
    changeOpenaiBatch: bind(batches.changeOpenaiBatch),
    rowOutcomes: bind(batches.rowOutcomes),
  };
}

function limitOperations(bind: Bind): LimitStore {
  return {
    limitStandings: bind(limitBoard.limitStandings),
    waitingOf: bind(limitBoard.waitingOf),
  };
}

function orderedJobOperations(bind: Bind): OrderedJobStore {
  return {
    orderJob: bind(orderedJobs.orderJob),
    findOrderedJob: bind(orderedJobs.findOrderedJob),
    listOrderedJobs: bind(orderedJobs.listOrderedJobs),
    openOrderedJobs: bind(orderedJobs.openOrderedJobs),
    countOpenOrderedJobs: bind(orderedJobs.countOpenOrderedJobs),
    changeOrderedJob: bind(orderedJobs.changeOrderedJob),
    pageOfJobFiles: bind(orderedJobs.pageOfJobFiles),
  };
}

function runListingOperations(bind: Bind): RunListingStore {
  return {
    runsPage: bind(runListing.runsPage),
    renameRun: bind(runListing.renameRun),
    itemsPage: bind(itemListing.itemsPage),
    itemAttempts: bind(itemListing.itemAttempts),
  };
}

function followUpOperations(bind: Bind): FollowUpStore {
  return {
    chosenItems: bind(followUps.chosenItems),
    countChosen: bind(followUps.countChosen),
    followUpsOf: bind(followUps.followUpsOf),
  };
}

function shareOperations(bind: Bind): ShareStore {
  return {
    createShare: bind(shares.createShare),
    findShare: bind(shares.findShare),
    listShares: bind(shares.listShares),
    revokeShare: bind(shares.revokeShare),
    touchShare: bind(shares.touchShare),
    sharedItems: bind(shares.sharedItems),
    sharedItem: bind(shares.sharedItem),
    countShared: bind(shares.countShared),
    countMarks: bind(marks.countMarks),
    markShared: bind(marks.markShared),
    shareMarks: bind(shares.shareMarks),
  };
}

function keepingOperations(bind: Bind): KeepingStore {
  return {
    runsToKeep: bind(keeping.runsToKeep),
  };
}

function tileOperations(bind: Bind): TileStore {
  return {
    tileIds: bind(tiles.tileIds),
    countTiles: bind(tiles.countTiles),
    tilesOfSpan: bind(tiles.tilesOfSpan),
    tiles: bind(tiles.tiles),
    lastTileRow: bind(tiles.lastTileRow),
    tileModels: bind(tiles.tileModels),
  };
}

function uploadOperations(bind: Bind): UploadStore {
  return {
    createClientUpload: bind(uploads.createClientUpload),
    findClientUpload: bind(uploads.findClientUpload),
    claimClientUpload: bind(uploads.claimClientUpload),
    renewClientUpload: bind(uploads.renewClientUpload),
    releaseClientUpload: bind(uploads.releaseClientUpload),
    addUploadPiece: bind(uploads.addUploadPiece),
    uploadPieces: bind(uploads.uploadPieces),
    useClientUploads: bind(uploads.useClientUploads),
    expiredClientUploads: bind(uploads.expiredClientUploads),
    removeClientUpload: bind(uploads.removeClientUpload),
  };
}

function dashboardOperations(bind: Bind): DashboardStore {
  return {
    usageOfLanes: bind(dashboard.usageOfLanes),
    usageOfRuns: bind(dashboard.usageOfRuns),
    notDelivered: bind(dashboard.notDelivered),
    laneEnds: bind(dashboard.laneEnds),
    laneLoads: bind(dashboard.laneLoads),
    unknownRequests: bind(dashboard.unknownRequests),
  };
}

function workerBoardOperations(bind: Bind): WorkerBoardStore {
  return {
    ownedRuns: bind(workerBoard.ownedRuns),
    untakenWork: bind(workerBoard.untakenWork),
    countHands: bind(workerBoard.countHands),
  };
}
