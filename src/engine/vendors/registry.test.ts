import { describe, expect, test } from 'vitest';
import { recordedFetch } from '../../../test/support/recorded-fetch.ts';
import { laneRequest } from '../../../test/support/lane-request.ts';
import { keysPresent, laneFrom, vendors } from './registry.ts';

const clock = { now: () => 0, sleep: async () => {} };
const context = { signal: new AbortController().signal };

describe('keysPresent()', () => {
  test('names the vendors whose key is set and not empty', () => {
    const environment = { KLING_API_KEY: 'k', OPENAI_API_KEY: 'o', BFL_API_KEY: ' ' };
    expect(keysPresent(environment)).toEqual(['openai', 'kling']);
    expect(keysPresent({})).toEqual([]);
  });
});

describe('laneFrom()', () => {
  test.each([
    ['openai', 'https://api.openai.com/v1/images/generations'],
    ['bfl', 'https://api.bfl.ai/v1/a-model'],
    ['kling', 'https://api-singapore.klingai.com/v1/images/generations'],
    [
      'dashscope',
      'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/image-generation/generation',
    ],
  ])('sends to the own address of %s unless told otherwise', async (name, url) => {
    const { fetch, calls } = recordedFetch(Response.json({}));
    const environment = { [`${name.toUpperCase()}_API_KEY`]: ' key\n' };
    await laneFrom(name, environment, { fetch, clock })?.submit(laneRequest(), context);
    expect(calls[0]?.url).toBe(url);
  });

  test('sends to the base URL of the environment', async () => {
    const { fetch, calls } = recordedFetch(Response.json({}));
    const environment = { BFL_API_KEY: 'key', BFL_BASE_URL: 'http://127.0.0.1:4001/' };
    await laneFrom('bfl', environment, { fetch, clock })?.submit(laneRequest(), context);
    expect(calls[0]?.url).toBe('http://127.0.0.1:4001/v1/a-model');
  });

  test('makes no lane without a key, or to a vendor that is not known', () => {
    const { fetch } = recordedFetch();
    expect(laneFrom('openai', {}, { fetch, clock })).toBeUndefined();
    expect(laneFrom('nobody', {}, { fetch, clock })).toBeUndefined();
  });
});

test('every lane calls itself by the name of its vendor', async () => {
  const { fetch } = recordedFetch();
  for (const { name, keyVariable = '' } of vendors) {
    const lane = laneFrom(name, { [keyVariable]: 'key' }, { fetch, clock });
    expect(lane?.vendor).toBe(name);
    await lane?.[Symbol.asyncDispose]?.();
  }
});

test('only the demo needs no key', () => {
  const free = vendors.filter(({ keyVariable }) => keyVariable === undefined);
  expect(free.map(({ name }) => name)).toEqual(['demo']);
});
