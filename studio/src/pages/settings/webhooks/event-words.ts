import type { WorkspaceEventType } from '../../../../../src/engine/core/workspace-event.ts';

/** What happened, as the end of "when …". */
export const EVENT_WORDS: Readonly<Record<WorkspaceEventType, string>> = {
  'run.created': 'a run is made',
  'run.started': 'a run begins',
  'run.awaiting_approval': 'a run waits for approval',
  'run.paused': 'a run is paused',
  'run.stopped': 'a run stops',
  'run.completed': 'a run is done',
  'run.cancelled': 'a run is cancelled',
  'run.reviewed': 'a run is reviewed',
  'job.ended': 'a job ends',
  'credits.granted': 'credits are granted',
  'credits.purchased': 'credits are bought',
  'credits.refunded': 'credits are taken back',
  'credits.corrected': 'credits are corrected',
  'credits.low': 'credits run low',
  'webhook.disabled': 'a webhook is disabled',
  'webhook.test': 'a test is sent',
};
