/**
 * OpenAI's image API: one synchronous call, pictures inside the answer. A lost answer cannot be
 * looked up.
 */
import type OpenAI from 'openai';
import { failed, lostFailure } from '../failures.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { classify, readAnswer, UNREADABLE } from './openai-answers.ts';
import { createOpenaiClient, type Exchange, exchange } from './openai-client.ts';
import { referenceUploader } from './openai-files.ts';
import { readRateHeaders } from './openai-rate-headers.ts';
import { editBody, generateBody } from './openai-requests.ts';
import { usageReader } from './openai-usage.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { LaneRequest, VendorLane } from '../vendor.ts';

/** `baseUrl` as the official client takes it: `https://api.openai.com/v1`. */
export function createOpenaiLane(config: LaneConfig): VendorLane {
  const { apiKey, clock } = config;
  const scrub = scrubber(apiKey);
  const client = createOpenaiClient(config);
  return {
    vendor: 'openai',
    account: accountOf('openai', withoutSlash(config.baseUrl), apiKey),
    async submit(request, { signal }) {
      const answer = await send(client, request, signal);
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      const limits = readRateHeaders(answer.headers);
      if (answer.kind === 'refusal') return failed(classify(answer, clock.now()), scrub, limits);
      return readAnswer(answer.body, request, 1, limits) ?? failed(UNREADABLE, scrub, limits);
    },
    uploadReference: referenceUploader(client, scrub, () => clock.now()),
    usage: usageReader(config),
  };
}

function send(client: OpenAI, request: LaneRequest, signal: AbortSignal): Promise<Exchange> {
  return exchange(signal, () =>
    request.references.length === 0
      ? client.images.generate(generateBody(request), { signal })
      : client.post('/images/edits', { body: editBody(request), signal }),
  );
}
