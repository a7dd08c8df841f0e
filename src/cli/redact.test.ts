import { describe, expect, test } from 'vitest';
import { scrubber, shownEnvironment, shownLogLine, withoutSecretSettings } from './redact.ts';

const scrub = scrubber({ OPENAI_API_KEY: 'a key of words' });

describe('withoutSecretSettings()', () => {
  test('removes what is named like a secret, with all that is below it', () => {
    const settings = {
      headers: { 'x-anything': 'hidden' },
      auth: ['hidden'],
      vendors: { openai: { concurrency: 3, api_token: 'hidden', tier: 'tier-2' } },
      text: 'said a key of words aloud',
    };
    expect(withoutSecretSettings(settings, scrub)).toEqual({
      headers: '[removed]',
      auth: '[removed]',
      vendors: { openai: { concurrency: 3, api_token: '[removed]', tier: 'tier-2' } },
      text: 'said [key] aloud',
    });
  });

  test('removes long mixed words, queries and passwords of addresses', () => {
    const word = 'aB3'.repeat(12);
    expect(
      withoutSecretSettings([`x ${word} y`, 'https://me:hidden@host/path?sig=1', 'a-model'], scrub),
    ).toEqual(['x [removed] y', 'https://me:[secret]@host/path?[removed]', 'a-model']);
  });
});

test('shownEnvironment() says of secrets that they are set, and nothing of other programs', () => {
  const environment = {
    OPENAI_API_KEY: 'a key of words',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1?key=hidden',
    DATABASE_URL: 'postgres://me:hidden@db/x',
    AWS_SECRET_ACCESS_KEY: 'hidden',
    IMAGEMILL_LOG_LEVEL: 'debug',
    IMAGEMILL_SIGNING_KEY: 'hidden',
    SOMETHING_ELSE: 'hidden',
  };
  expect(shownEnvironment(environment, scrub)).toEqual({
    AWS_SECRET_ACCESS_KEY: '[set]',
    DATABASE_URL: '[set]',
    IMAGEMILL_LOG_LEVEL: 'debug',
    IMAGEMILL_SIGNING_KEY: '[set]',
    OPENAI_API_KEY: '[set]',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1?[removed]',
  });
});

test('shownLogLine() keeps known fields and the frames of errors only', () => {
  const line = JSON.stringify({
    level: 'error',
    msg: 'a request broke',
    status: 500,
    prompt: 'hidden',
    err: {
      type: 'Error',
      message: 'hidden',
      stack: 'Error: hidden\n    at f (file:///a.ts:1:2)\nhidden',
    },
  });
  expect(shownLogLine(line, scrub)).toEqual({
    level: 'error',
    msg: 'a request broke',
    status: 500,
    err: { type: 'Error', code: '', stack: '    at f (file:///a.ts:1:2)' },
  });
  expect(shownLogLine('a line of somebody else', scrub)).toBeUndefined();
  expect(shownLogLine('"text"', scrub)).toBeUndefined();
});
