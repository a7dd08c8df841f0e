import { describe, expect, test } from 'vitest';
import { markTask } from './mark-options.ts';

describe('markTask()', () => {
  test('takes what is said, and nothing else', () => {
    expect(markTask({ source: 'trainedAlgorithmicMedia' })).toEqual({
      task: { kind: 'mark', marks: { source: 'trainedAlgorithmicMedia' } },
    });
    const all = {
      source: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
      model: 'm',
      vendor: 'v',
      prompt: 'p',
      negativePrompt: 'n',
      seed: '7',
      created: '2026-11-22',
    };
    expect(markTask(all)).toEqual({
      task: {
        kind: 'mark',
        marks: {
          source: 'digitalCapture',
          model: 'm',
          vendor: 'v',
          prompt: 'p',
          negativePrompt: 'n',
          seed: 7,
          createdAt: '2026-11-22T00:00:00.000Z',
        },
      },
    });
    expect(markTask({ promptInFiles: false })).toEqual({
      task: { kind: 'mark', marks: {}, withoutPrompt: true },
    });
  });

  test('tells all that cannot be', () => {
    const read = markTask({
      source: 'ai',
      seed: '1.5',
      created: 'yesterday',
      prompt: 'p',
      promptInFiles: false,
    });
    expect('problems' in read ? read.problems.map(({ message }) => message) : []).toEqual([
      '--source is no digital source type of the IPTC',
      '--seed is no whole number',
      '--created is no date',
      'A prompt is to be written, and none is to be',
    ]);
  });
});
