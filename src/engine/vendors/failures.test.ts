import { expect, test } from 'vitest';
import { laneRequest } from '../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../test/support/recorded-fetch.ts';
import { vendors } from './registry.ts';

const KEY = 'sk-secret/key+123456';
const context = { signal: new AbortController().signal };

const withKey = vendors.filter(({ keyVariable }) => keyVariable !== undefined);

test.each(withKey)('$title: words that repeat the key are kept without it', async (vendor) => {
  const repeated = `The key ${KEY} (${encodeURIComponent(KEY)}) cannot be used.`;
  const bodies = [
    { error: { message: repeated, code: 'invalid_api_key', type: 'invalid_request_error' } },
    { detail: repeated },
    { code: 1000, message: repeated },
  ];
  const answers = [
    ...bodies.map((body) => Response.json(body, { status: 401 })),
    new Response(repeated, { status: 502 }),
    new TypeError(repeated),
  ];
  for (const answer of answers) {
    const lane = vendor.createLane!({
      apiKey: KEY,
      baseUrl: vendor.defaultBaseUrl!,
      fetch: recordedFetch(answer).fetch,
      clock: { now: () => 0, sleep: async () => {} },
    });
    const told = JSON.stringify(await lane.submit(laneRequest(), context));
    expect(told).toContain('"failed"');
    expect(told).not.toContain(KEY);
    expect(told).not.toContain(encodeURIComponent(KEY));
  }
});
