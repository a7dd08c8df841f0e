/**
 * Google's Gemini image models: one synchronous call, one image inside the answer. A lost answer cannot
 * be looked up.
 */
import type { GoogleGenAI } from '@google/genai/web';
import { failed, lostFailure } from '../failures.ts';
import { readAnswer, UNREADABLE } from './gemini-answers.ts';
import { createGeminiClient, exchange } from './gemini-client.ts';
import { classify } from './gemini-errors.ts';
import { referenceUploader } from './gemini-files.ts';
import { contentsOf, generationConfigOf } from './gemini-requests.ts';
import { type CallAnswer, jsonOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { LaneRequest, VendorLane } from '../vendor.ts';

/** `baseUrl` is the host's root: `https://generativelanguage.googleapis.com`. */
export function createGeminiLane(config: LaneConfig): VendorLane {
  const scrub = scrubber(config.apiKey);
  const client = createGeminiClient(config);
  return {
    vendor: 'gemini',
    account: accountOf('gemini', withoutSlash(config.baseUrl), config.apiKey),
    async submit(request, { signal }) {
      const answer = await send(config, client, request, signal);
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      if (answer.status !== 200) {
        const hasUploads = request.references.some(({ kind }) => kind === 'uploaded');
        const { failure, ...limits } = classify(answer, config.clock.now(), hasUploads);
        return failed(failure, scrub, limits);
      }
      return readAnswer(jsonOf(answer), request, 1) ?? failed(UNREADABLE, scrub);
    },
    uploadReference: referenceUploader(config),
  };
}

function send(
  config: LaneConfig,
  client: GoogleGenAI,
  request: LaneRequest,
  signal: AbortSignal,
): Promise<CallAnswer> {
  return exchange(config, signal, (httpOptions) =>
    client.models.generateContent({
      model: request.model,
      contents: contentsOf(request),
      config: { ...generationConfigOf(request), httpOptions },
    }),
  );
}
