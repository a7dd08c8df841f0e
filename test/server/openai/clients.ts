/** The clients that people have, pointed at a server of the tests. */
import { createOpenAI } from '@ai-sdk/openai';
import OpenAI, { type ClientOptions } from 'openai';
import type { LiveServer } from '../../support/live-server.ts';

/** Retries are off unless they are asked for. */
export function officialClient(
  { url, secret }: Pick<LiveServer, 'url' | 'secret'>,
  options: ClientOptions = {},
): OpenAI {
  return new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: secret, maxRetries: 0, ...options });
}

export function aiSdk({ url, secret }: Pick<LiveServer, 'url' | 'secret'>) {
  return createOpenAI({ baseURL: `${url}/openai/v1`, apiKey: secret });
}

/** The error that a call throws. */
export async function thrownBy(
  call: Promise<unknown>,
): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('The call was answered, and should not have been.');
}
