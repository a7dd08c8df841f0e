/** The library's public names. */
export type { Obstacle } from './core/admission.ts';
export {
  type CheckFinding,
  type CheckFindingKind,
  FINDING_WEIGHTS,
  findingText,
} from './core/check-finding.ts';
export type { Catalog, ImagePrice, SizeFit } from './core/catalog.ts';
export type {
  CredentialAction,
  CredentialClaims,
  CredentialIngredient,
  CredentialSettings,
  CredentialsReport,
  SignerStanding,
  SigningAlgorithm,
} from './core/credentials.ts';
export { formatMicros, formatUsd, fromMicros, MICROS, toMicros } from './core/credits.ts';
export {
  formatProblem,
  IllegalStateError,
  ImagemillError,
  InputError,
  type Problem,
  StorageError,
  UsageError,
} from './core/errors.ts';
export { isAway } from './store/is-away.ts';
export type { JournalEntry, RunEvent } from './core/events.ts';
export type { ItemRecord } from './core/item-record.ts';
export type { JobFile, JobOrder, JobOutput, JobTask } from './core/job.ts';
export type { Limit, LimitRule } from './core/limit.ts';
export type { Lifecycle, Model } from './core/model.ts';
export {
  ITEM_STATES,
  type ItemCounts,
  type ItemState,
  noItems,
  totalItems,
} from './core/outcome.ts';
export type { Alternative, Amount, ModelPlan, Plan, PlannedRow } from './core/plan.ts';
export type { NamedReference, ReferenceChange, ReferenceStep } from './core/reference.ts';
export {
  FILE_FORMATS,
  type FileFormat,
  IMAGE_FORMATS,
  type ImageFormat,
  QUALITIES,
  type Quality,
} from './core/quality.ts';
export { formatRecipe, parseRecipe, type Recipe, type RecipeStep } from './core/recipe.ts';
export { RUN_STATES, runCan, type RunState, type StopReason } from './core/run.ts';
export { DEFAULT_SETTINGS, type RunSettings } from './core/settings.ts';
export { formatSize, parseSize, type Size } from './core/size.ts';
export { SOURCE_TYPES, type SourceType, sourceTypeOf } from './core/source-type.ts';
export type {
  Decoding,
  FileInspection,
  FileReport,
  KnownOrigin,
  PictureFacts,
} from './core/file-report.ts';
export type { Reconciliation, VendorReconciliation } from './core/reconciliation.ts';
export { isSound } from './deliver/verify/findings.ts';
export { verify } from './deliver/verify/verify.ts';
export { verifyFolder } from './deliver/verify/verify-folder.ts';
export { createEngine, type EngineOptions } from './engine.ts';
export type * from './engine-types.ts';
export { EXIT_CODES } from './exit-code.ts';
export { checkCredentials } from './finish/credentials/open-identity.ts';
export type {
  AiSdkVendor,
  Automatic1111Vendor,
  ComfyuiVendor,
  CompatibleVendor,
  ConfiguredVendor,
  JsonObject,
  ManyPromptsVendor,
} from './vendors/own/configured-vendor.ts';
export type {
  FinishedFile,
  FinishOrder,
  FinishResult,
  ImageMarks,
  MarkOrder,
} from './core/finisher.ts';
export { createPicturePool, type PicturePool } from './finish/workers/picture-pool.ts';
export { inspectFile, type InspectOptions } from './tools/inspect-file.ts';
export { inspectPath } from './tools/inspect-path.ts';
export { vendors } from './vendors/registry.ts';
export type { IdempotentBeginning, IdempotentOrder } from './service/idempotency.ts';
export type { KeptAnswer, RequestEnd } from './store/idempotency-store.ts';
export { type BackupOrder, type BackupResult, backupHome } from './service/backup/backup-home.ts';
export {
  type RestoreOrder,
  type RestoreResult,
  restoreHome,
} from './service/backup/restore-home.ts';
export { type BackupVerification, verifyBackup } from './service/backup/verify-backup.ts';
export type { BatchProblem, OpenaiBatch, StoredFile } from './store/file-store.ts';
export { VERSION } from './version.ts';
