/** The application: what every request goes through, and the routes by what they are about. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { requestId } from 'hono/request-id';
import { answerError } from './problems/answer-problem.ts';
import { answerUnmatched } from './problems/answer-unmatched.ts';
import type { App, AppEnv, ServerDeps } from './app-env.ts';
import { authenticate } from './access/authenticate.ts';
import { bodylessHead } from './files/bodyless-head.ts';
import { boundBody } from './files/bound-body.ts';
import { idempotent } from './idempotency/idempotency.ts';
import { exceptImageCalls } from './openai/attach-call.ts';
import { openaiRoutes } from './openai/mount.ts';
import { observeRequests } from './operations/observe-requests.ts';
import { ProblemError } from './problems/problem-error.ts';
import { refuseWhileStopping } from './operations/refuse-while-stopping.ts';
import { batchRoutes } from './routes/batches.ts';
import { creditRoutes } from './routes/credits.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { jobRoutes } from './routes/jobs.ts';
import { limitRoutes } from './routes/limits.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { modelRoutes } from './routes/models.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { keyRoutes } from './routes/keys.ts';
import { referenceRoutes } from './routes/references.ts';
import { exportRoutes } from './routes/exports.ts';
import { followUpRoutes } from './routes/follow-ups.ts';
import { imageRoutes } from './routes/images.ts';
import { itemReferenceRoutes } from './routes/item-references.ts';
import { itemRoutes } from './routes/items.ts';
import { planRoutes } from './routes/plans.ts';
import { resultRoutes } from './routes/results.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { runActionRoutes } from './routes/run-actions.ts';
import { runRoutes } from './routes/runs.ts';
import { sharedRoutes } from './routes/shared.ts';
import { shareRoutes } from './routes/shares.ts';
import { sessionRoutes } from './routes/session.ts';
import { sheetRoutes } from './routes/sheets.ts';
import { studioRoutes } from './routes/studio.ts';
import { stripeRoutes } from './routes/stripe.ts';
import { systemRoutes } from './routes/system.ts';
import { tileRoutes } from './routes/tiles.ts';
import { toolRoutes } from './routes/tools.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { usageRoutes } from './routes/usage.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { workerRoutes } from './routes/workers.ts';
import { workspaceRoutes } from './routes/workspaces.ts';
import { schemaProblems } from './problems/schema-problems.ts';
import { keepOutOfCaches, securityHeaders } from './access/security-headers.ts';

export function createApp(deps: ServerDeps): App {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const problems = schemaProblems(
        result.target,
        result.error,
        'data' in result ? result.data : undefined,
      );
      throw new ProblemError('invalid', 'Something in the request is wrong.', {
        problems,
        cause: result.error,
      });
    },
  });
  app.onError((error, c) => answerError(c, error));
  app.notFound((c) => answerUnmatched(app, c));
  app.use(requestId());
  app.use(observeRequests(deps));
  app.use(securityHeaders(deps.settings));
  app.use(keepOutOfCaches());
  app.use(bodylessHead());
  app.use(refuseWhileStopping(deps));
  app.use(boundBody(deps.settings));
  app.use(authenticate(deps));
  app.use(exceptImageCalls(idempotent(deps)));
  systemRoutes(app, deps);
  metricsRoutes(app, deps);
  docsRoutes(app);
  workspaceRoutes(app, deps);
  keyRoutes(app, deps);
  invitationRoutes(app, deps);
  sessionRoutes(app, deps);
  modelRoutes(app, deps);
  limitRoutes(app, deps);
  creditRoutes(app, deps);
  usageRoutes(app, deps);
  dashboardRoutes(app, deps);
  workerRoutes(app, deps);
  stripeRoutes(app, deps);
  batchRoutes(app, deps);
  jobRoutes(app, deps);
  toolRoutes(app, deps);
  referenceRoutes(app, deps);
  uploadRoutes(app, deps);
  mcpRoutes(app, deps);
  runRoutes(app, deps);
  runActionRoutes(app, deps);
  planRoutes(app, deps);
  followUpRoutes(app, deps);
  shareRoutes(app, deps);
  sharedRoutes(app, deps);
  sheetRoutes(app, deps);
  itemRoutes(app, deps);
  reviewRoutes(app, deps);
  tileRoutes(app, deps);
  imageRoutes(app, deps);
  itemReferenceRoutes(app, deps);
  resultRoutes(app, deps);
  exportRoutes(app, deps);
  eventRoutes(app, deps);
  webhookRoutes(app, deps);
  openaiRoutes(app, deps);
  studioRoutes(app, deps.studio);
  return app;
}
