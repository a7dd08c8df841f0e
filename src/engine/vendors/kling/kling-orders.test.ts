import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { parseSize } from '../../core/size.ts';
import { klingOrder, klingPathOf } from './kling-orders.ts';
import type { Reference } from '../vendor.ts';

const request = laneRequest({ model: 'kling-v3-omni', key: 'run-1-request-1', prompt: 'a fox' });
const picture: Reference = {
  kind: 'bytes',
  bytes: new Uint8Array([1, 2, 3]),
  mediaType: 'image/png',
};
const address: Reference = { kind: 'url', url: 'https://example.com/hero.jpg' };

test.each([
  ['kling-v3', '/v1/images/generations'],
  ['kling-v2-1', '/v1/images/generations'],
  ['kling-v3-omni', '/v1/images/omni-image'],
  ['kling-image-o1', '/v1/images/omni-image'],
])('%s is ordered at %s', (model, path) => {
  expect(klingPathOf(model)).toBe(path);
});

describe('an order of omni images', () => {
  test('has the fields of that interface', () => {
    expect(klingOrder({ ...request, count: 3 })).toEqual({
      model_name: 'kling-v3-omni',
      prompt: 'a fox',
      resolution: '1k',
      aspect_ratio: '1:1',
      n: 3,
      result_type: 'single',
      external_task_id: 'run-1-request-1',
    });
  });

  test('has its references in their order, as bare base64 or by address', () => {
    expect(klingOrder({ ...request, references: [picture, address] })).toMatchObject({
      image_list: [{ image: 'AQID' }, { image: 'https://example.com/hero.jpg' }],
    });
  });

  test.each([
    ['a prompt without marks gets them at its end', 'a fox', 'a fox <<<image_1>>> <<<image_2>>>'],
    ['a prompt with marks of its own stays', '<<<image_2>>> as a fox', '<<<image_2>>> as a fox'],
    ['a prompt that has no room for them stays', 'x'.repeat(2480), 'x'.repeat(2480)],
    [
      'what counts are characters, not their halves',
      '🦊'.repeat(2472),
      `${'🦊'.repeat(2472)} <<<image_1>>> <<<image_2>>>`,
    ],
  ])('%s', (_what, prompt, sent) => {
    expect(klingOrder({ ...request, prompt, references: [picture, address] })).toMatchObject({
      prompt: sent,
    });
  });

  test.each([
    ['1024x1024', '1:1', '1k'],
    ['2048x1152', '16:9', '2k'],
    ['3840x2160', '16:9', '4k'],
    ['4096x4096', '1:1', '4k'],
  ])('asks for %s as %s in %s', (size, ratio, resolution) => {
    expect(klingOrder({ ...request, size: parseSize(size)! })).toMatchObject({
      aspect_ratio: ratio,
      resolution,
    });
  });
});

test('an order at the other interface never asks for 4k, and names its one picture', () => {
  const size = parseSize('4096x4096')!;
  expect(klingOrder({ ...request, model: 'kling-v3', size, references: [picture] })).toEqual({
    model_name: 'kling-v3',
    prompt: 'a fox',
    image: 'AQID',
    resolution: '2k',
    aspect_ratio: '1:1',
    n: 1,
    external_task_id: 'run-1-request-1',
  });
});
