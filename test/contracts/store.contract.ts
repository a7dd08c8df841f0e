/** What the engine relies on in a store, whichever database is behind it. */
import { describe } from 'vitest';
import { describeAdmission } from './store/admission.ts';
import { describeAttempts } from './store/attempts.ts';
import { describeBundles } from './store/bundles.ts';
import { describeDashboard } from './store/dashboard.ts';
import { describeFiles } from './store/files.ts';
import { describeIdempotency } from './store/idempotency.ts';
import { describeJobs } from './store/jobs.ts';
import { describeLimits } from './store/limits.ts';
import { describePayers } from './store/payers.ts';
import { describeQueries } from './store/queries.ts';
import { describeQuality } from './store/quality.ts';
import { describeReading } from './store/reading.ts';
import { describeReferences } from './store/references.ts';
import { describeRefusals } from './store/refusals.ts';
import { describeReviews } from './store/reviews.ts';
import { describeRunListing } from './store/run-listing.ts';
import { describeShares } from './store/shares.ts';
import { describeRuns } from './store/runs.ts';
import { describeTiles } from './store/tiles.ts';
import { describeUploads } from './store/uploads.ts';
import { describeWorkers } from './store/workers.ts';
import { describeWorkspaces } from './store/workspaces.ts';
import { describeWebhooks } from './store/webhooks.ts';
import { openSubject, type StoreKind } from './store/subject.ts';

export function describeStore(kind: StoreKind): void {
  describe(`the store on ${kind.name}`, () => {
    const subject = openSubject(kind);
    describeReading(subject);
    describeAdmission(subject);
    describeLimits(subject);
    describeAttempts(subject);
    describeBundles(subject);
    describeRuns(subject);
    describeRunListing(subject);
    describeReviews(subject);
    describeShares(subject);
    describeTiles(subject);
    describeUploads(subject);
    describeQueries(subject);
    describeDashboard(subject);
    describeQuality(subject);
    describeReferences(subject);
    describeRefusals(subject);
    describeJobs(subject);
    describeWorkers(subject);
    describeWorkspaces(subject);
    describeIdempotency(subject);
    describeFiles(subject);
    describePayers(subject);
    describeWebhooks(subject);
  });
}
