/** The typed client of the API; it runs wherever there is `fetch`: Node, browsers, Deno, Bun. */
import { creditsOf, keysOf, workspacesOf } from './account.ts';
import { Caller } from './caller.ts';
import { dashboardOf } from './dashboard.ts';
import { followUpsOf } from './follow-ups.ts';
import { imagesOf, itemsOf, resultsOf } from './items.ts';
import { referencesOf } from './references.ts';
import { reviewsOf } from './reviews.ts';
import { runsOf } from './runs.ts';
import { sharedOf, sharesOf } from './shares.ts';
import { sheetsOf } from './sheets.ts';
import { tilesOf } from './tiles.ts';
import { toolsOf } from './tools.ts';
import type { ClientOptions } from './transport.ts';
import { uploadsOf } from './uploads.ts';
import { eventsOf, webhooksOf } from './webhooks.ts';
import { workersOf } from './workers.ts';
import { batchesOf, jobsOf, limitsOf, modelsOf } from './work.ts';

export type Client = ReturnType<typeof createClient>;

/**
 * Every POST has an `Idempotency-Key`, so that what a lost connection left open is sent again without being done
 * twice. What failed is thrown as `ApiError`.
 */
export function createClient(options: ClientOptions) {
  const caller = new Caller(options);
  return {
    /** Any route of the contract, by its type: `client.call(endpoint<typeof route>('get', path), input)`. */
    call: caller.call.bind(caller),
    runs: runsOf(caller),
    followUps: followUpsOf(caller),
    shares: sharesOf(caller),
    shared: sharedOf(caller),
    sheets: sheetsOf(caller),
    items: itemsOf(caller),
    reviews: reviewsOf(caller),
    tiles: tilesOf(caller),
    images: imagesOf(caller),
    results: resultsOf(caller),
    references: referencesOf(caller),
    uploads: uploadsOf(caller),
    batches: batchesOf(caller),
    jobs: jobsOf(caller),
    tools: toolsOf(caller),
    models: modelsOf(caller),
    limits: limitsOf(caller),
    credits: creditsOf(caller),
    dashboard: dashboardOf(caller),
    events: eventsOf(caller),
    webhooks: webhooksOf(caller),
    keys: keysOf(caller),
    workspaces: workspacesOf(caller),
    workers: workersOf(caller),
  };
}
