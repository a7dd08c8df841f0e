/** The guards that money, limits and files hang on, each with one way to break it. */
export interface TestFile {
  readonly file: string;
  /** Only the tests whose full name matches this regular expression. */
  readonly only?: string;
}

export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The few that should notice, the quickest first. */
  readonly tests: readonly TestFile[];
}

const STORE: TestFile = { file: 'test/contracts/store.contract.test.ts', only: 'on SQLite' };
const WORLDS: TestFile = {
  file: 'test/simulation/simulation.test.ts',
  only: 'seeds from (1|21)\\)',
};
const CRASHES: TestFile = { file: 'test/simulation/crash-points.test.ts' };
const VENDORS: TestFile = { file: 'test/contracts/vendor-lane' };
const REQUEST: TestFile = { file: 'src/engine/request/request-order.test.ts' };
const RETRY: TestFile = { file: 'src/engine/send/retry-policy.test.ts' };
const DELIVERY: TestFile = { file: 'src/engine/deliver/deliver-image.test.ts' };

const ADMIT = 'src/engine/store/statements/admit.ts';
const GRANT = 'src/engine/store/statements/grant.ts';
const LIMIT_USE = 'src/engine/store/statements/limit-use.ts';
const CANDIDATES = 'src/engine/store/statements/candidates.ts';
const ATTEMPTS = 'src/engine/store/statements/attempts.ts';
const REQUEST_FILE = 'src/engine/request/run-request.ts';
const POLICY = 'src/engine/send/retry-policy.ts';
const WHOLE_FILE = 'src/engine/ports/whole-file.ts';

const BUNDLES = 'src/engine/store/statements/bundles.ts';
const BUNDLE_TEST: TestFile = { file: 'src/engine/bundle/run-bundle.test.ts' };
const QUALITY: TestFile = { file: 'test/simulation/quality.test.ts' };
const HALF_PRICE: TestFile = { file: 'test/simulation/half-price.test.ts' };

export const MUTATIONS: readonly Mutation[] = [
  // Money.
  {
    name: 'budget: the check before a hold is removed',
    file: 'src/engine/admit/decide-admission.ts',
    find: `if (short !== undefined) return { kind: 'budget', reason: short, of: 'run' };`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'budget: unknown prices hold nothing under a dollar cap',
    file: GRANT,
    find: `return purse.maxUsdMicros === undefined ? 0 : purse.maxUsdMicros - purse.usedUsdMicros;`,
    replace: `return 0;`,
    tests: [STORE],
  },
  {
    name: 'budget: dollars that were held or written off do not count',
    file: ADMIT,
    find: `run.actual_usd_micros + run.held_usd_micros + run.written_off_usd_micros`,
    replace: `run.actual_usd_micros`,
    tests: [STORE],
  },
  {
    name: 'proof: the rest is sent with it',
    file: CANDIDATES,
    find: `return round.phase === 'proof' ? query.where('requests.proof', '=', 1) : query;`,
    replace: `return query;`,
    tests: [STORE],
  },
  {
    name: 'hold: the run does not count it',
    file: GRANT,
    find: 'held_credit_micros: sql<number>`held_credit_micros + ${creditMicros}`,',
    replace: '',
    tests: [STORE],
  },
  {
    name: 'hold: no ledger entry is written',
    file: GRANT,
    find: `await writeEntry(trx, order.runId, attempt, now, context.decisions.holdEntry(creditMicros));`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'ledger: what was not delivered is not voided',
    file: 'src/engine/settle/ledger.ts',
    find: `{ kind: 'void', lines: move('held', 'available', voided) },`,
    replace: ``,
    tests: [{ file: 'src/engine/settle/ledger.test.ts' }],
  },
  {
    name: 'ledger: every image is posted, delivered or not',
    file: ATTEMPTS,
    find: `tally.delivered,\n      attempt.creditMicrosPerImage,`,
    replace: `attempt.indexes.length,\n      attempt.creditMicrosPerImage,`,
    tests: [STORE],
  },
  {
    name: 'ledger: a returned request keeps its hold',
    file: ATTEMPTS,
    find: `await voidHold(context, trx, attempt, now, { actualUsdMicros: usdMicros });`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'dollars: what a decision gives up is not written off',
    file: ATTEMPTS,
    find: `{ writtenOffUsdMicros: attempt.heldUsdMicros }`,
    replace: `{}`,
    tests: [STORE],
  },
  // States.
  {
    name: 'fence: any worker may end an attempt',
    file: ATTEMPTS,
    find: `if (workerId !== undefined) update = update.where('worker_id', '=', workerId);`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'attempt: its old state is not checked',
    file: ATTEMPTS,
    find: `.where('state', 'in', statesBefore(ATTEMPT_TRANSITIONS, to));`,
    replace: `;`,
    tests: [STORE],
  },
  {
    name: 'item: its old state is not checked when it is settled',
    file: ATTEMPTS,
    find: `.where('state', 'in', statesBefore(ITEM_TRANSITIONS, outcome.state))`,
    replace: ``,
    tests: [{ file: 'src/engine/store/statements/attempts.test.ts' }],
  },
  {
    name: 'item: it may be moved without its request',
    file: ATTEMPTS,
    find: `if (changed(moved) !== attempt.indexes.length) throw new FencedError(attempt.id);`,
    replace: ``,
    tests: [{ file: 'src/engine/store/statements/attempts.test.ts' }],
  },
  {
    name: 'run: two workers claim it at once',
    file: 'src/engine/store/statements/runs.ts',
    find: `update.where('worker_id', '=', from)`,
    replace: `update`,
    tests: [STORE],
  },
  {
    name: 'recovery: two workers take one attempt over',
    file: 'src/engine/store/statements/recover.ts',
    find: `.where('worker_id', '=', from)`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'admission: a worker that does not have the run is served',
    file: ADMIT,
    find: `.where('worker_id', '=', order.workerId)`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'admission: a run that is not running is served',
    file: ADMIT,
    find: `.where('state', '=', 'running')`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'settlement: an image that was not returned is dropped',
    file: ATTEMPTS,
    find: `const outcome: ItemOutcome = outcomes.get(place) ?? {`,
    replace: `if (!outcomes.has(place)) continue;\n      const outcome: ItemOutcome = outcomes.get(place) ?? {`,
    tests: [STORE],
  },
  // Limits.
  {
    name: 'window: the margin is removed',
    file: 'src/engine/admit/rolling-window.ts',
    find: `return Math.min(2_000, Math.max(100, Math.ceil(windowMs / 100)));`,
    replace: `return 0;`,
    tests: [{ file: 'src/engine/admit/rolling-window.test.ts' }],
  },
  {
    name: 'window: the store counts it without the margin',
    file: LIMIT_USE,
    find: `return now - windowMs - context.decisions.windowMarginMs(windowMs);`,
    replace: `return now - windowMs;`,
    tests: [STORE, WORLDS],
  },
  {
    name: 'window: half of its sum is counted',
    file: LIMIT_USE,
    find: 'sql<number>`coalesce(sum(units), 0)`',
    replace: 'sql<number>`coalesce(sum(units), 0) / 2`',
    tests: [STORE],
  },
  {
    name: 'window: grants are not written down',
    file: GRANT,
    find: `await trx.insertInto('grants').values(rows).execute();`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'window: grants of the same transaction are not counted',
    file: GRANT,
    find: `tally.used += units;`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'slots: a task of many images takes one',
    file: GRANT,
    find: `const units = tally.limit.unit === 'images' ? grant.images : 1;`,
    replace: `const units = 1;`,
    tests: [STORE],
  },
  {
    name: 'slots: the decision counts a request as one image',
    file: 'src/engine/admit/decide-admission.ts',
    find: `const units = limit.unit === 'images' ? question.images : 1;`,
    replace: `const units = 1;`,
    tests: [{ file: 'src/engine/admit/decide-admission.test.ts' }, STORE],
  },
  {
    name: 'slots: they are freed as soon as an outcome is unknown',
    file: ATTEMPTS,
    find: `'unknown');\n    await freeSlots(trx, attempt.id, Math.max(now, attempt.deadlineAt));`,
    replace: `'unknown');\n    await freeSlots(trx, attempt.id, now);`,
    tests: [STORE],
  },
  {
    name: 'slots: a decision frees them before the longest call is over',
    file: ATTEMPTS,
    find: `await freeSlots(trx, attempt.id, Math.max(now, attempt.deadlineAt));\n      const request`,
    replace: `await freeSlots(trx, attempt.id, now);\n      const request`,
    tests: [STORE],
  },
  {
    name: 'slots: they are held although the task has ended',
    file: ATTEMPTS,
    find: `await freeSlots(trx, attempt.id, now);\n    await appendEvent`,
    replace: `await appendEvent`,
    tests: [STORE],
  },
  {
    name: 'window: a stalled worker sends late',
    file: REQUEST_FILE,
    find: `if (deps.clock.now() - admittedAt > lane.marginMs) {`,
    replace: `if (deps.clock.now() < admittedAt) {`,
    tests: [REQUEST],
  },
  // Nothing is bought twice.
  {
    name: 'retry: a refusal is sent again',
    file: POLICY,
    find: `case 'refused':\n    case 'invalid-request':`,
    replace: `case 'refused':\n      return resend(failure, sending, { countsAttempt: true });\n    case 'invalid-request':`,
    tests: [RETRY],
  },
  {
    name: 'retry: an unknown outcome is sent again',
    file: POLICY,
    find: `return sending.canFind ? { kind: 'look-up' } : { kind: 'unknown', reason };`,
    replace: `return resend(failure, sending, { countsAttempt: true });`,
    tests: [RETRY],
  },
  {
    name: 'retry: it never ends',
    file: POLICY,
    find: `return used < (sending.maxAttempts ?? MAXIMUM_ATTEMPTS)`,
    replace: `return used > 0`,
    tests: [RETRY],
  },
  {
    name: 'retry: a 429 uses up an attempt',
    file: POLICY,
    find: `return resend(failure, sending, { countsAttempt: false });`,
    replace: `return resend(failure, sending, { countsAttempt: true });`,
    tests: [RETRY],
  },
  {
    name: 'retry: an exhausted account fails the row',
    file: POLICY,
    find: `return { kind: 'stop-lane', reason };`,
    replace: `return { kind: 'settle', state: 'failed', reason };`,
    tests: [RETRY],
  },
  {
    name: 'unknown: it is bought again though nobody decided it',
    file: 'src/engine/drive/drive-run.ts',
    find: `if (this.#run.settings.onUnknown !== 'retry') return;`,
    replace: ``,
    tests: [CRASHES],
  },
  {
    name: 'unknown: it is bought again without an end',
    file: 'src/engine/drive/drive-run.ts',
    find: `if (ticket.generation >= MOST_UNKNOWN_RETRIES) return;`,
    replace: `if (ticket.generation >= 30) return;`,
    tests: [{ file: 'test/simulation/unknown-retries.test.ts' }],
  },
  {
    name: 'poll: a task that never ends is asked about for ever',
    file: REQUEST_FILE,
    find: `if (now >= deadlineAt) return unknown(deps, ticket, 'still not done after its longest time');`,
    replace: `if (now >= deadlineAt + 3_600_000) throw new Error('for ever');`,
    tests: [REQUEST],
  },
  {
    name: 'retry: a bare 503 is taken for a no',
    file: 'src/engine/vendors/failures.ts',
    find: `return { kind: 'unknown', words: said };`,
    replace: `return { kind: 'overloaded', words: said };`,
    tests: [VENDORS],
  },
  {
    name: 'retry: a cut answer counts as never sent',
    file: 'src/engine/vendors/http.ts',
    find: `sent: !failedBeforeSending(error)`,
    replace: `sent: false`,
    tests: [{ file: 'src/engine/vendors/http.test.ts' }, VENDORS],
  },
  {
    name: 'order: the vendor’s id is not stored before the task is polled',
    file: REQUEST_FILE,
    find: `const fenced = await deps.store.accepted(ticket.attemptId, deps.workerId, known);`,
    replace: `const fenced: string = 'done';`,
    tests: [REQUEST],
  },
  {
    name: 'order: the key changes with each attempt',
    file: 'src/engine/request/prepare-request.ts',
    find: `key: vendorKey(ticket.requestId),`,
    replace: `key: vendorKey(ticket.attemptId),`,
    tests: [REQUEST],
  },
  {
    name: 'recovery: what was being sent is sent again',
    file: REQUEST_FILE,
    find: `return lookUp(deps, lane, ticket, request, 'the process ended while the request was being sent');`,
    replace: `return giveBack(deps, ticket, 'again', { waitMs: 0, countsAttempt: false });`,
    tests: [REQUEST, CRASHES],
  },
  {
    name: 'recovery: a task with an id is not polled on',
    file: REQUEST_FILE,
    find: `if (ticket.ref !== undefined) return pollTask(deps, lane, ticket, request, ticket.ref);`,
    replace: ``,
    tests: [REQUEST],
  },
  {
    name: 'recovery: attempts of a living worker are taken over',
    file: 'src/engine/drive/recover.ts',
    find: `if (owner !== undefined && (await deps.isAlive(owner))) continue;`,
    replace: ``,
    tests: [{ file: 'src/engine/drive/recover.test.ts' }],
  },
  {
    name: 'owner: a run is claimed from a living process',
    file: 'src/engine/drive/claim-run.ts',
    find: `if (owner !== undefined && (await lease.isAlive(owner))) return { owner: shown(owner) };`,
    replace: ``,
    tests: [{ file: 'test/e2e/kill.test.ts', only: 'a second process watches' }],
  },
  // Images and files.
  {
    name: 'image: a blank one is delivered',
    file: 'src/engine/finish/check/image-inspector.ts',
    find: `if (inspection.blank) return { ok: false, reason: 'blank', flag: { kind: 'blank' } };`,
    replace: `return { ok: true };`,
    tests: [{ file: 'src/engine/finish/check/check-image.test.ts' }],
  },
  {
    name: 'image: one of the wrong size is delivered',
    file: 'src/engine/finish/check/image-inspector.ts',
    find: `if (!covers(inspection, asked)) {`,
    replace: `if (inspection.width === 0) {`,
    tests: [{ file: 'src/engine/finish/check/check-image.test.ts' }],
  },
  {
    name: 'image: it is called delivered before its bytes are stored',
    file: 'src/engine/request/store-images.ts',
    find: `const stored = await putWithPatience(deps, bytes);`,
    replace: `const stored = { hash: '0'.repeat(64), bytes: bytes.length };`,
    tests: [REQUEST],
  },
  {
    name: 'flush: a file’s bytes are not flushed before it has its name',
    file: WHOLE_FILE,
    find: `await file.sync();`,
    replace: ``,
    tests: [{ file: 'src/engine/ports/whole-file-flush.test.ts' }],
  },
  {
    name: 'flush: a file’s new name is not flushed',
    file: 'src/engine/ports/flush-folder.ts',
    find: `await handle.sync();`,
    replace: ``,
    tests: [{ file: 'src/engine/ports/whole-file-flush.test.ts' }],
  },
  {
    name: 'flush: one that had begun before counts for a new name',
    file: 'src/engine/ports/flush-folder.ts',
    find: `return known.next;`,
    replace: `return known.running;`,
    tests: [{ file: 'src/engine/ports/flush-folder.test.ts' }],
  },
  {
    name: 'flush: commits are not flushed one by one',
    file: 'src/engine/store/sqlite.ts',
    find: `'OFF' : 'FULL'}`,
    replace: `'OFF' : 'NORMAL'}`,
    tests: [{ file: 'src/engine/store/sqlite.test.ts' }],
  },
  {
    name: 'blobs: damaged bytes are handed out',
    file: 'src/engine/store/file-blobs.ts',
    find: `if (hashOf(bytes) !== hash) throw new StorageError('damaged', path);`,
    replace: ``,
    tests: [{ file: 'src/engine/store/file-blobs.test.ts' }],
  },
  {
    name: 'delivery: a file that is there is overwritten',
    file: 'src/engine/deliver/put-file.ts',
    find: `if (await isThere(path)) return await sameAt(path, bytes, isSame);`,
    replace: `await import('node:fs/promises').then((fs) => fs.rm(path, { force: true }));`,
    tests: [DELIVERY],
  },
  {
    name: 'delivery: two items share a name',
    file: 'src/engine/deliver/deliver-image.ts',
    find: `if (!placed.every(({ file }) => names.isFree(file, record.itemId))) continue;`,
    replace: ``,
    tests: [DELIVERY],
  },
  {
    name: 'delivery: an out folder that cannot be used is found after paying',
    file: 'src/engine/drive/drive-run.ts',
    find: `await this.#delivery.open();\n      this.#stopOnTrouble();`,
    replace: `await this.#delivery.open();`,
    tests: [{ file: 'test/simulation/blocked-folder.test.ts' }],
  },
  // Finishing.
  {
    name: 'finishing: an image that cannot be finished is not delivered',
    file: 'src/engine/deliver/finish-item.ts',
    find: `const files = plain.kind === 'finished' ? plain.files : [asMade];`,
    replace: `const files = plain.kind === 'finished' ? plain.files : [];`,
    tests: [DELIVERY],
  },
  {
    name: 'finishing: nobody is told that an image could not be finished',
    file: 'src/engine/deliver/finish-item.ts',
    find: `return { files, failure: finished.reason };`,
    replace: `return { files };`,
    tests: [DELIVERY],
  },
  {
    name: 'finishing: another recipe leaves the files of the old one',
    file: 'src/engine/drive/delivery-queue.ts',
    find: `const isOfAnother = finishedBy !== undefined && finishedBy !== this.#finishKey;`,
    replace: `const isOfAnother = false;`,
    tests: [{ file: 'test/e2e/finish.test.ts', only: 'makes every file of the recipe' }],
  },
  {
    name: 'finishing: a run that left images unfinished is called done',
    file: 'src/engine/drive/run-end.ts',
    find: `if (counts.waiting + counts.sent === 0 && !facts.hasLeft) return { state: 'done' };`,
    replace: `if (counts.waiting + counts.sent === 0) return { state: 'done' };`,
    tests: [{ file: 'test/e2e/finish.test.ts', only: 'Ctrl-C leaves' }],
  },
  {
    name: 'finishing: a picture of any size is decoded',
    file: 'src/engine/finish/convert/open-master.ts',
    find: `if (size.width * size.height <= MOST_PIXELS) return;`,
    replace: `if (size.width > 0) return;`,
    tests: [{ file: 'src/engine/finish/convert/odd-masters.test.ts' }],
  },
  {
    name: 'finishing: a file that its maker has signed is written into',
    file: 'src/engine/finish/mark/carry-marks.ts',
    find: `if (order.kind === 'none' || container.hasCredentials(file)) return undefined;`,
    replace: `if (order.kind === 'none') return undefined;`,
    tests: [{ file: 'src/engine/finish/mark' }],
  },
  {
    name: 'finishing: prompts stay in files that shall have none',
    file: 'src/engine/finish/mark/carry-marks.ts',
    find: `if (!order.withoutPrompts) {`,
    replace: `if (order.kind !== undefined) {`,
    tests: [{ file: 'src/engine/finish/mark' }],
  },
  // Jobs.
  {
    name: 'jobs: what is there under the name is taken for our older file',
    file: 'src/engine/tools/place-outputs.ts',
    find: `const isOlder = mayBeOlder && (found === known.sha256 || found === known.replaces);`,
    replace: `const isOlder = mayBeOlder;`,
    tests: [{ file: 'src/engine/tools/jobs.test.ts' }],
  },
  {
    name: 'jobs: a file that was there before is taken for ours',
    file: 'src/engine/tools/place-outputs.ts',
    find: `const isOurs = standing.kind !== 'same' || (before?.isOurs === true && before.sha256 === hash);`,
    replace: `const isOurs = true;`,
    tests: [{ file: 'src/engine/tools/jobs.test.ts' }],
  },
  {
    name: 'jobs: two workers claim one job',
    file: 'src/engine/store/statements/jobs.ts',
    find: `: update.where('worker_id', '=', from)`,
    replace: `: update`,
    tests: [STORE],
  },
  {
    name: 'results: a formula is written as it is',
    file: 'src/engine/core/formula-safe.ts',
    find: "return FORMULA.test(text) ? `'${text}` : text;",
    replace: `return text;`,
    tests: [{ file: 'src/engine/core/formula-safe.test.ts' }],
  },
  // The account.
  {
    name: 'key: a vendor’s words are kept with the key in them',
    file: 'src/engine/vendors/failures.ts',
    find: `words: scrub(failure.words)`,
    replace: `words: failure.words`,
    tests: [{ file: 'src/engine/vendors/failures.test.ts' }],
  },
  {
    name: 'key: redirects are followed with it',
    file: 'src/engine/vendors/http.ts',
    find: `redirect: 'manual',`,
    replace: `redirect: 'follow',`,
    tests: [{ file: 'src/engine/vendors/http.test.ts' }, VENDORS],
  },
  {
    name: 'answer: it may be of any length',
    file: 'src/engine/vendors/http.ts',
    find: `if (length > maxBytes)`,
    replace: `if (length < 0)`,
    tests: [{ file: 'src/engine/vendors/http.test.ts' }],
  },
  {
    name: 'breaker: a flood of refusals stops nothing',
    file: 'src/engine/drive/refusal-breaker.ts',
    find: `return outcomes >= after && refused >= outcomes * share;`,
    replace: `return outcomes < 0 && refused >= outcomes * share + after;`,
    tests: [{ file: 'test/simulation/breaker.test.ts' }],
  },
  {
    name: 'fallback: a picture that may have been made is bought elsewhere',
    file: 'src/engine/store/statements/amend.ts',
    find: `if (which.onlyUnmade === true) {`,
    replace: `if (which.states.length === 0) {`,
    tests: [{ file: 'test/simulation/fallback.test.ts' }],
  },
  {
    name: 'isolation: the rest of a group stays suspected after its offender was found',
    file: 'src/engine/admit/isolate-refusals.ts',
    find: `return end === 'made';`,
    replace: `return end !== 'unknown';`,
    tests: [{ file: 'src/engine/admit/isolate-refusals.test.ts' }],
  },
  {
    name: 'isolation: two parts of a group are asked about at once',
    file: 'src/engine/admit/isolate-refusals.ts',
    find: `if (!busyGroups.has(group!))`,
    replace: `if (group !== undefined)`,
    tests: [{ file: 'src/engine/admit/isolate-refusals.test.ts' }],
  },
  {
    name: 'package: an order is sent again after it failed',
    file: 'src/engine/vendors/own/watched-fetch.ts',
    find: `return failed && 'Nothing is sent again after an order that failed.';`,
    replace: `return failed && undefined;`,
    tests: [{ file: 'src/engine/vendors/own/ai-sdk.test.ts' }],
  },
  {
    name: 'package: a failed poll says that nothing was ordered',
    file: 'src/engine/vendors/own/ai-sdk-failure.ts',
    find: `if (taken) return`,
    replace: `if (taken && orders.length > 1) return`,
    tests: [{ file: 'src/engine/vendors/own/ai-sdk.test.ts' }],
  },
  {
    name: 'package: an order without an answer yet is forgotten',
    file: 'src/engine/vendors/own/watched-fetch.ts',
    find: `{ kind: 'lost', sent: true, words: 'No answer came in time.' }`,
    replace: `{ kind: 'lost', sent: false, words: 'No answer came in time.' }`,
    tests: [{ file: 'test/contracts/vendor-lane/ai-sdk.test.ts' }],
  },
  {
    name: 'automatic1111: another checkpoint paints',
    file: 'src/engine/vendors/own/automatic1111.ts',
    find: `return known.has(model) ? undefined : unknownCheckpoint(model, checkpoints.data);`,
    replace: `return checkpoints.data.length > 0 ? undefined : unknownCheckpoint(model, []);`,
    tests: [{ file: 'src/engine/vendors/own/automatic1111.test.ts' }],
  },
  {
    name: 'comfyui: the key goes to any address',
    file: 'src/engine/vendors/own/comfyui-server.ts',
    find: 'if (!url.startsWith(`${this.baseUrl}/view?`))',
    replace: `if (url === '')`,
    tests: [{ file: 'src/engine/vendors/own/comfyui.test.ts' }],
  },
  {
    name: 'slots: each model of an account has its own',
    file: 'src/engine/admit/lane-limits.ts',
    find: 'key: `${model.vendor}:${account.account}/${rule.name}`,',
    replace: 'key: `${model.vendor}:${account.account}/${model.id}/${rule.name}`,',
    tests: [{ file: 'src/engine/admit/lane-limits.test.ts' }],
  },
  // Bundles and the half-price lane.
  {
    name: 'bundle: one that is not found at once counts as never taken',
    file: 'src/engine/bundle/run-bundle.ts',
    find: `if (found.kind === 'nothing' && isProof) {`,
    replace: `if (found.kind === 'nothing') {`,
    tests: [BUNDLE_TEST],
  },
  {
    name: 'bundle: a worker that is not its own names its vendor id',
    file: BUNDLES,
    find: `.where('worker_id', '=', workerId)`,
    replace: ``,
    tests: [STORE],
  },
  {
    name: 'bundle: each of its requests counts as a request at the vendor',
    file: ADMIT,
    find: `round.tallies.filter(({ limit }) => limit.unit === 'images')`,
    replace: `round.tallies`,
    tests: [STORE],
  },
  {
    name: 'bundle: what was read already is read again',
    file: 'src/engine/bundle/read-bundle-results.ts',
    find: `if (passenger === undefined || !left.delete(line.key)) return;`,
    replace: `if (passenger === undefined) return;`,
    tests: [BUNDLE_TEST],
  },
  {
    name: 'bundle: the vendor is not asked to stop',
    file: 'src/engine/bundle/run-bundle.ts',
    find: `if (lane.cancel === undefined) return true;`,
    replace: `return true;`,
    tests: [BUNDLE_TEST, HALF_PRICE],
  },
  {
    name: 'lanes: what goes live keeps the half price',
    file: BUNDLES,
    find: 'credit_micros_per_image: sql<number>`live_credit_micros_per_image`,',
    replace: '',
    tests: [STORE],
  },
  {
    name: 'lanes: the deadline is not kept free for the live lane',
    file: 'src/engine/drive/lane-deadline.ts',
    find: `return deadlineAt - cancelMs - Math.ceil(liveMs * SLOWER_THAN_FORECAST) - RESERVE_MS;`,
    replace: `return deadlineAt;`,
    tests: [HALF_PRICE],
  },
  {
    name: 'lanes: what a batch gave back stays on the batch lane',
    file: 'src/engine/drive/batch-lanes.ts',
    find: `if (this.#goesLive && this.#names.includes(lane)) await this.#moveToLive(lane);`,
    replace: ``,
    tests: [HALF_PRICE],
  },
  {
    name: 'lanes: what a cancelled run did not make is moved to the live price',
    file: 'src/engine/drive/batch-lanes.ts',
    find: `if (this.#goesLive && this.#names.includes(lane)) await this.#moveToLive(lane);`,
    replace: `if (this.#leave.signal.aborted) await this.#moveToLive(lane);`,
    tests: [HALF_PRICE],
  },
  {
    name: 'lanes: a batch is begun after the deadline',
    file: 'src/engine/drive/batch-lanes.ts',
    find: `if (await isTimeToLeave(this.#deps, this.#run, this.#names)) await this.#goLive();\n    else this.#watching`,
    replace: `this.#watching`,
    tests: [HALF_PRICE],
  },
  {
    name: 'bundles: a defect while a line is stored is swallowed',
    file: 'src/engine/bundle/read-bundle-results.ts',
    find: `if (defects.length > 0) throw defects[0];`,
    replace: ``,
    tests: [{ file: 'src/engine/bundle/run-bundle.test.ts' }],
  },
  // References.
  {
    name: 'references: requests are admitted before their pictures are ready',
    file: 'src/engine/drive/scheduler.ts',
    find: `if (!this.#isReady(state)) return this.#deps.turns.leave(state.claim);`,
    replace: ``,
    tests: [{ file: 'test/simulation/references.test.ts' }],
  },
  {
    name: 'references: a row is known by paths instead of by its pictures',
    file: 'src/engine/plan/row-key.ts',
    find: `pictures.length === 0 ? wish.references : pictures.map(({ facts }) => facts.hash),`,
    replace: `wish.references,`,
    tests: [{ file: 'src/engine/plan/plan-references.test.ts' }],
  },
  {
    name: 'references: a changed file stands for the master that it was made from',
    file: 'src/engine/prepare/own-master.ts',
    find: `return found.sha256 === hash ? found.master : undefined;`,
    replace: `return found.master;`,
    tests: [{ file: 'src/engine/prepare/reference-library.test.ts' }],
  },
  {
    name: 'references: an upload is reused after its end',
    file: 'src/engine/references/upload-once.ts',
    find: `return isFresh || expiresAt - MARGIN_MS > until;`,
    replace: `return true;`,
    tests: [{ file: 'src/engine/references/upload-once.test.ts' }],
  },
  {
    name: 'references: a look-up that finds a private address is believed',
    file: 'src/engine/ports/system-guarded-fetch.ts',
    find: `addresses.some(({ address }) => !isAllowed(address))`,
    replace: `false`,
    tests: [
      { file: 'src/engine/ports/system-guarded-fetch.test.ts', only: 'changes its mind|by a name' },
    ],
  },
  {
    name: 'references: an IPv4 address inside an IPv6 one is not looked at',
    file: 'src/engine/ports/public-address.ts',
    find: `return isPublicAddress(carriedAddress(plain, carrier.at));`,
    replace: `return true;`,
    tests: [{ file: 'src/engine/ports/public-address.test.ts' }],
  },
  {
    name: 'references: a redirect is followed without a check',
    file: 'src/engine/references/fetch-reference.ts',
    find: `redirect: 'manual',`,
    replace: `redirect: 'follow',`,
    tests: [{ file: 'src/engine/references/fetch-reference.test.ts', only: 'redirects' }],
  },
  {
    name: 'references: an orientation is not turned',
    file: 'src/engine/references/fit-reference.ts',
    find: `openPicture(master).autoOrient()`,
    replace: `openPicture(master)`,
    tests: [{ file: 'src/engine/references/fit-reference.test.ts', only: 'upright' }],
  },
  {
    name: 'quality: a change of turns keeps the price of the first model',
    file: 'src/engine/plan/refit-row.ts',
    find: `creditMicrosPerImage: creditMicros,`,
    replace: `creditMicrosPerImage: planned.requests[0]!.creditMicrosPerImage,`,
    tests: [QUALITY],
  },
  {
    name: 'quality: rows that name their model change turns as well',
    file: 'src/engine/drive/rotate-models.ts',
    find: `return row.model === undefined && !(keepStyle && belongs);`,
    replace: `return !(keepStyle && belongs);`,
    tests: [QUALITY],
  },
  {
    name: 'quality: the first images are their own latest',
    file: 'src/engine/quality/model-detail.ts',
    find: `const latest = this.#latest.filter(({ order }) => order > last);`,
    replace: `const latest = this.#latest;`,
    tests: [{ file: 'src/engine/quality/judge-detail.test.ts' }],
  },
  {
    name: 'quality: what is dearer in turn is not in the worst price',
    file: 'src/engine/plan/plan-run.ts',
    find: `reserve.add(wish, model, requests);`,
    replace: ``,
    tests: [{ file: 'src/engine/plan/plan-turns.test.ts' }],
  },
  {
    name: 'quality: a process that goes on judges its images anew',
    file: 'src/engine/drive/quality-watch.ts',
    find: `const flags = before ?? now;`,
    replace: `const flags = now;`,
    tests: [{ file: 'src/engine/drive/quality-watch.test.ts' }],
  },
  {
    name: 'lanes: a batch that could not be read is bought again',
    file: 'src/engine/drive/drive-run.ts',
    find: `if (ticket.bundleId !== undefined && ticket.ref !== undefined) return;`,
    replace: ``,
    tests: [HALF_PRICE],
  },
];
