/** `imagemill/client`: the public names of the typed client. */
export { ApiError, type ApiErrorCode } from './api-error.ts';
export type { DashboardAnswer, DetailAnswer } from './dashboard.ts';
export { type Client, createClient } from './create-client.ts';
export { type Answer, type CallOptions, type Endpoint, endpoint, type Input } from './endpoint.ts';
export type { StreamedEvent, StreamOptions } from './event-stream.ts';
export type { FollowUpOrder, FollowUpPlan } from './follow-ups.ts';
export type { Run, WatchedRunEvent } from './runs.ts';
export type { NewMark, NewShare, Share, SharedItem, SharedPage } from './shares.ts';
export type { SheetUpload } from './sheet-form.ts';
export type { ReadSheet } from './sheets.ts';
export type { Tile, TilesAnswer, TilesQuery } from './tiles.ts';
export type { ClientOptions } from './transport.ts';
export type { NewUpload, Upload, UploadOptions } from './uploads.ts';
export type { UploadSource } from './upload-source.ts';
export type { WatchedWorkspaceEvent } from './webhooks.ts';
export type { WorkersAnswer } from './workers.ts';
export type { MadePreview } from './tools.ts';
