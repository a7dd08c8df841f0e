/** Tools that look at runs, and stop them or let them go on. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from '../api/zod.ts';
import { creditsLeft } from './budget.ts';
import { waitShape } from './making-tools.ts';
import { answer, answering, ToolError } from './tool-answer.ts';
import type { ToolDeps } from './tool-deps.ts';
import { runFacts, watchRun } from './watch-run.ts';

const READS = { readOnlyHint: true, openWorldHint: false };
const runShape = { run: z.string().min(1).max(64).describe('Id of a run.') };

export function addRunTools(server: McpServer, deps: ToolDeps): void {
  const { client } = deps;
  server.registerTool(
    'run_status',
    {
      title: 'How a run stands',
      description: 'State, images by their outcome, what was spent, and what it waits for.',
      inputSchema: { ...runShape, ...waitShape },
      annotations: READS,
    },
    ({ run, wait_seconds: seconds }, extra) =>
      answering(async () => answer(runFacts(await watchRun(client, run, seconds, extra)))),
  );
  server.registerTool(
    'list_runs',
    {
      title: 'Runs',
      description: 'Runs of the workspace, the newest first.',
      inputSchema: {
        limit: z.number().int().min(1).max(100).default(20),
        after: z.string().max(500).optional().describe('The next of the page before.'),
      },
      annotations: READS,
    },
    ({ limit, after }) =>
      answering(async () => {
        const page = await client.runs.list({ limit, ...(after !== undefined && { after }) });
        const runs = page.data.map(({ run, title, state, items, credits, created_at }) => ({
          run,
          title,
          state,
          images: items,
          credits,
          created_at,
        }));
        return answer({ runs, next: page.next });
      }),
  );
  server.registerTool(
    'pause_run',
    {
      title: 'Pause a run',
      description: 'Sends nothing more; what is being made is still taken.',
      inputSchema: runShape,
      annotations: { destructiveHint: false, idempotentHint: true },
    },
    ({ run }) => answering(async () => answer(runFacts(await client.runs.pause(run)))),
  );
  server.registerTool(
    'resume_run',
    {
      title: 'Let a paused run go on',
      description: 'Goes on with what waits in it, within the budget.',
      inputSchema: runShape,
      annotations: { destructiveHint: false, idempotentHint: true },
    },
    ({ run }) =>
      answering(async () => {
        await requireOwn(deps, run);
        return answer(runFacts(await client.runs.resume(run)));
      }),
  );
  server.registerTool(
    'cancel_run',
    {
      title: 'Cancel a run',
      description: 'Ends it: what waits is not made and not paid for; what is made stays.',
      inputSchema: runShape,
      annotations: { destructiveHint: true, idempotentHint: true },
    },
    ({ run }) => answering(async () => answer(runFacts(await client.runs.cancel(run)))),
  );
}

/** Another's run spends what its own key may: that would be outside of the budget of this one. */
async function requireOwn(deps: ToolDeps, run: string): Promise<void> {
  if (deps.ownRuns?.has(run) === true) return;
  if (deps.dollars === undefined && (await creditsLeft(deps)) === undefined) return;
  throw new ToolError(
    'With a budget, only runs of this session can go on: another one would spend outside of it. Ask the user to resume it.',
  );
}
