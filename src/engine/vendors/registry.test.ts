import { describe, expect, test } from 'vitest';
import { recordedFetch } from '../../../test/support/recorded-fetch.ts';
import { laneRequest } from '../../../test/support/lane-request.ts';
import type { ConfiguredVendor } from './own/configured-vendor.ts';
import { accountRules } from './own/configured-vendor.ts';
import { keysPresent, laneFrom, vendors, vendorsOf } from './registry.ts';

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

describe('vendorsOf()', () => {
  const kinds: readonly ConfiguredVendor[] = [
    { kind: 'openai-compatible', slots: 2 },
    { kind: 'automatic1111', slots: 1 },
    { kind: 'comfyui', workflows: {} },
    { kind: 'ai-sdk', package: '@ai-sdk/openai', folders: [] },
    { kind: 'many-prompts', keyVariable: 'MANY_KEY' },
  ];

  test('puts the user’s own vendors after those that are built in', () => {
    const [own] = kinds;
    const names = vendorsOf({ mine: own! }).map(({ name }) => name);
    expect(names).toEqual([...vendors.map(({ name }) => name), 'mine']);
  });

  test.each(kinds)('makes a lane of kind $kind that has the user’s name of it', async (vendor) => {
    const entry = vendorsOf({ mine: vendor }).at(-1);
    const { fetch } = recordedFetch();
    const config = { apiKey: 'key', baseUrl: 'http://127.0.0.1:1', fetch, clock };
    const lane = entry?.createLane?.(config) ?? entry?.createManyLane?.(config);
    expect(lane?.vendor).toBe('mine');
    expect(entry?.title).toBe(`mine (${vendor.kind})`);
    expect(entry?.concurrency).toBe(vendor.slots);
    expect(entry?.keyVariable).toBe(vendor.keyVariable);
  });

  test('says of a package that is not there how to install it', () => {
    const vendor = { kind: 'ai-sdk', package: '@ai-sdk/nobody-has-this', folders: ['/x'] } as const;
    expect(vendorsOf({ mine: vendor }).at(-1)?.problem?.()).toContain('npm install');
  });
});

describe('accountRules()', () => {
  test('has the slots and the figures that the user gave', () => {
    const rules = accountRules({
      kind: 'automatic1111',
      slots: 1,
      limits: { 'images-per-minute': 9 },
    });
    expect(rules.map(({ name, max }) => [name, max])).toEqual([
      ['slots', 1],
      ['images-per-minute', 9],
    ]);
  });

  test('learns the pace of a server that may push back, so that a refusal makes a pause', () => {
    const names = (kind: 'openai-compatible' | 'automatic1111') =>
      accountRules({ kind }).map(({ name, max }) => [name, max]);
    expect(names('openai-compatible')).toEqual([['requests-per-minute', undefined]]);
    expect(names('automatic1111')).toEqual([]);
  });
});
