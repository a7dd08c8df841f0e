/** `imagemill serve`: the product as a service, on this machine. */
import type { RunSettings } from '../../engine/core/settings.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { plural } from '../amount-text.ts';
import { withoutKeys } from '../environment.ts';
import { catchInterrupts } from '../interrupts.ts';
import type { Screen } from '../screen.ts';
import { readServeOptions, type ServeOptions, type ServePlan } from '../serve-options.ts';
import { readRunOptions } from '../options.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { readWorkerOptions, type WorkerOptions } from '../worker-options.ts';
import { warnOfOtherImages, warnOfStorage } from '../storage-warning.ts';
import { saleSettings } from '../stripe-account.ts';
import { untilStopped } from '../until-stopped.ts';

export async function serveCommand(
  options: CommonOptions & ServeOptions & WorkerOptions,
): Promise<number> {
  const plan = readServeOptions(options, process.env);
  const worker = readWorkerOptions(options, process.env, true);
  const { createLog, DEFAULT_SERVE_SETTINGS, serve } = await import('../../server/index.ts');
  await using session = await openSession(options, { worker });
  const { engine, screen, environment } = session;
  const sale = saleSettings(session.config, environment);
  const scrub = (text: string) => withoutKeys(text, environment);
  const log = createLog({ level: plan.logLevel, scrub });
  const { host, port, metricsPort, graceMs, trustedProxies, allowPrivateWebhooks } = plan;
  const publicUrl = plan.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  await using server = await serve(
    {
      engine,
      settings: {
        ...DEFAULT_SERVE_SETTINGS,
        ...sale,
        publicUrl,
        trustedProxies,
        allowPrivateWebhooks,
        runDefaults: runDefaults(session),
      },
      log,
      now: Date.now,
    },
    { host, port, graceMs, environment, ...(metricsPort !== undefined && { metricsPort }) },
  );
  // The system's own words about it could have anything in them; the next start takes up what was left.
  process.once('uncaughtException', (err) => {
    log.fatal({ err }, 'a defect ends the server');
    process.exit(1);
  });
  using interrupts = catchInterrupts(() => screen.say(stopping(graceMs)));
  await tellStart(session, plan, server);
  await untilStopped(engine, interrupts.drain, () => server.stop());
  return EXIT_CODES.delivered;
}

async function tellStart(
  session: Session,
  plan: ServePlan,
  { url, metricsUrl }: { readonly url: string; readonly metricsUrl?: string },
): Promise<void> {
  const { engine, screen } = session;
  screen.say(`Imagemill serves at ${url}`);
  screen.say('Open it in a browser for the studio; a key signs you in.');
  if (metricsUrl !== undefined) screen.say(`Figures for Prometheus, without a key: ${metricsUrl}`);
  // Made only now: a server that could not start has told no key that is lost then.
  const issued = await engine.service.workspaces.ensureLocal();
  if (issued !== undefined) {
    screen.say(`The first key, told this one time: ${issued.secret}`);
  }
  if (plan.isExposed) warnOfExposure(screen, plan.host);
  await warnOfStorage(session);
  await warnOfOtherImages(session);
  const newer = await engine.service.operations.newerStore();
  if (newer !== undefined) screen.warn(newer);
  const others = await engine.service.operations.otherWorkers();
  if (others.length > 0) {
    const who = others.map(({ host, pid }) => `${pid} on ${host}`).join(', ');
    screen.warn(
      `${plural(others.length, 'other process works', 'other processes work')} on this store (${who}). Runs are shared out between them, and each limit holds over all.`,
    );
  }
  screen.say('Ctrl-C stops it: what is in flight ends first.');
  screen.result({ url, metrics_url: metricsUrl ?? null, first_key: issued?.secret ?? null });
}

function warnOfExposure(screen: Screen, host: string): void {
  screen.warn(
    screen.colours.yellow(
      `It listens on ${host} without https: keys and prompts can be read on the way. Put a proxy with https in front of it, and tell its address with --public-url https://…`,
    ),
  );
}

function stopping(graceMs: number): string {
  return `Stopping: what is in flight ends first, for at most ${graceMs / 1000} s. Again stops at once.`;
}

/** `defaults:` of the config file, and the environment: what a run has where its maker says nothing. */
function runDefaults({ config, environment, workingFolder }: Session): RunSettings {
  const { file, defaults: values } = config;
  return readRunOptions({
    options: {},
    environment,
    workingFolder,
    ...(file !== undefined && { defaults: { file, values } }),
  }).settings;
}
