/** Images asked for and waited for in one call. */
import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  editImagesRoute,
  generateImagesRoute,
  getOpenaiImageRoute,
} from '../../api/routes/openai-images.ts';
import { type ImageBody, MOST_REFERENCES } from '../../api/schemas/openai-image.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { isForm } from '../files/receive-form.ts';
import { creditsOf, imagesAnswer } from './answer-images.ts';
import { planningFault } from './planning-fault.ts';
import { attachCall, type Call } from './attach-call.ts';
import { callError, waitedTooLong } from './call-error.ts';
import { imageEvents } from './image-events.ts';
import { readLink } from './image-links.ts';
import { type ImageOrder, readImageOrder } from './image-order.ts';
import { clearUnmade, makeRun, runFolder, runMadeBefore } from './make-run.ts';
import { invalid, notThere, OpenaiError } from './openai-error.ts';
import { pictureOf } from './pictures.ts';
import { readImageForm } from './read-image-form.ts';
import { keepReference, noReference, referencesOf, tooMany } from './references.ts';
import { RunWaits } from './run-waits.ts';
import { stopRun } from './stop-run.ts';
import { UnansweredCalls } from './unanswered-calls.ts';

/** Puts the references of a call beside its sheet, and answers what they are called there. */
type KeepReferences = (folder: string) => Promise<readonly string[]>;

const NO_REFERENCES: KeepReferences = async () => [];

interface Wish {
  readonly order: ImageOrder;
  /** All that tells it from another one. */
  readonly asked: unknown;
  readonly keep: KeepReferences;
}

/** The images may come, or have come, though the call was given none. */
const UNANSWERED: ReadonlySet<string> = new Set(['outcome_unknown', 'wait_timeout']);

export function imageRoutes(app: App, deps: ServerDeps): void {
  const calls = new ImageCalls(deps);

  handleRoute(app, generateImagesRoute, async (c) => {
    const body = c.req.valid('json');
    const order = readImageOrder(deps.engine, 'generations', body);
    return calls.answer(c, { order, asked: body, keep: NO_REFERENCES }) as never;
  });

  handleRoute(app, editImagesRoute, async (c) => {
    if (isForm(c.req.raw)) return calls.answerForm(c) as never;
    const body = c.req.valid('json' as never) as ImageBody | undefined;
    if (body?.prompt === undefined)
      throw invalid(undefined, 'malformed_request', 'Send JSON or a form.');
    return calls.answerJsonEdit(c, body) as never;
  });

  handleRoute(app, getOpenaiImageRoute, async (c) => {
    const secret = await deps.engine.service.files.linkSecret();
    const link = readLink(c.req.valid('param').link, secret, deps.now());
    if (link === undefined) throw notThere('such image, or its link has ended');
    const stored = await deps.engine.image(link.runId, link.itemId);
    if (stored === undefined) throw notThere('such image');
    const { bytes, format } = await pictureOf(deps.engine, link.runId, stored.record, link.wish);
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      'content-type': `image/${format}`,
      'cache-control': 'private, max-age=3600',
    }) as never;
  });
}

class ImageCalls {
  readonly #deps: ServerDeps;
  readonly #waits: RunWaits;
  readonly #unanswered: UnansweredCalls;

  constructor(deps: ServerDeps) {
    this.#deps = deps;
    this.#waits = new RunWaits(deps.engine, deps.now);
    this.#unanswered = new UnansweredCalls(deps.now);
  }

  async answerForm(c: AppContext): Promise<Response> {
    return this.#attach(c, async (call) => {
      await using form = await readImageForm(c, this.#deps);
      const { engine } = this.#deps;
      const order = readImageOrder(engine, 'edits', form.body);
      const { pictures, folder } = form;
      const sources = referencesOf(form.body);
      if (pictures.length + sources.length === 0) throw noReference();
      if (pictures.length + sources.length > MOST_REFERENCES) throw tooMany();
      const keep = async (sheetFolder: string) => {
        await mkdir(join(sheetFolder, '..'), { recursive: true });
        await rename(folder, sheetFolder);
        return [...pictures, ...(await this.#keepAll(c, sheetFolder, form.body))];
      };
      // What is returned is awaited here: the form is disposed of before an answer that is still to come.
      return await this.#once(c, call, { order, asked: [form.body, form.hashes], keep });
    });
  }

  async answerJsonEdit(c: AppContext, body: ImageBody): Promise<Response> {
    const order = readImageOrder(this.#deps.engine, 'edits', body);
    if (referencesOf(body).length === 0) throw noReference();
    const keep = (folder: string) => this.#keepAll(c, folder, body);
    return this.answer(c, { order, asked: body, keep });
  }

  async answer(c: AppContext, wish: Wish): Promise<Response> {
    return this.#attach(c, (call) => this.#once(c, call, wish));
  }

  /** A call without a key is given the run of the same call, where that was given no images. */
  async #once(c: AppContext, call: Call, wish: Wish): Promise<Response> {
    if (call.hasKey) return this.#run(c, call, wish);
    const { key } = c.var.caller;
    const facts = JSON.stringify([key.id, wish.order.endpoint, wish.asked]);
    const print = createHash('sha256').update(facts).digest('hex');
    const known = this.#unanswered.take(print);
    const given = known === undefined ? call : { ...call, runId: known, isRepeat: true };
    try {
      return await this.#run(c, given, wish);
    } catch (error) {
      const isOpen = error instanceof OpenaiError && UNANSWERED.has(error.facts.code);
      if (isOpen) this.#unanswered.put(print, given.runId);
      throw error;
    }
  }

  #attach(c: AppContext, work: (call: Call) => Promise<Response>): Promise<Response> {
    return attachCall(c, this.#deps, work);
  }

  async #keepAll(c: AppContext, folder: string, body: ImageBody): Promise<string[]> {
    const { workspace } = c.var.caller;
    const names: string[] = [];
    for (const [at, source] of referencesOf(body).entries()) {
      const place = { workspace, folder, name: `reference-${at + 1}` };
      names.push(await keepReference(this.#deps.engine, source, place));
    }
    return names;
  }

  async #make(
    c: AppContext,
    call: Call,
    { order, keep }: Pick<Wish, 'order' | 'keep'>,
  ): Promise<readonly string[]> {
    const { engine } = this.#deps;
    try {
      const references = await keep(join(runFolder(engine, call.runId), 'sheet'));
      return await makeRun(engine, { call, caller: c.var.caller, order, references });
    } catch (error) {
      // What was wrong is told, whatever is left.
      await clearUnmade(engine, call.runId).catch(() => undefined);
      throw planningFault(error, runFolder(engine, call.runId));
    }
  }

  async #run(c: AppContext, call: Call, { order, keep }: Wish): Promise<Response> {
    const { engine, settings } = this.#deps;
    const { runId, hasKey } = call;
    c.header('x-imagemill-run', runId);
    if (order.ignored.length > 0) c.header('x-imagemill-ignored', order.ignored.join(', '));
    if ((await runMadeBefore(engine, call)) === undefined) {
      const warnings = await this.#make(c, call, { order, keep });
      if (warnings.length > 0) c.header('x-imagemill-warnings', headerText(warnings));
    } else {
      engine.keeper.wake(runId);
    }
    const waitMs = settings.longestWaitMs;
    const bounds = { until: this.#deps.now() + waitMs, signal: c.req.raw.signal };
    const deps = { ...this.#deps, publicUrl: settings.publicUrl, waits: this.#waits };
    if (order.isStream) return imageEvents(c, deps, { runId, hasKey, order, bounds, waitMs });
    const run = await this.#waits.settled(runId, bounds);
    if (run === undefined) throw waitedTooLong(runId, waitMs, hasKey);
    const records = await Array.fromAsync(engine.items(runId));
    const delivered = records.filter(({ state }) => state === 'delivered');
    // What was answered as not paid for must not be bought when credits come.
    if (run.state === 'stopped' && run.reason !== 'interrupted') await stopRun(engine, runId);
    if (delivered.length === 0) throw callError(run, records);
    c.header('x-imagemill-credits', String(fromMicros(creditsOf(delivered))));
    if (delivered.length < records.length) {
      c.header('x-imagemill-missing', String(records.length - delivered.length));
    }
    return c.json(await imagesAnswer(deps, run, delivered, order));
  }
}

/** Headers hold plain ASCII. */
function headerText(texts: readonly string[]): string {
  return texts
    .join('; ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 1_000);
}
