/** Signs a browser in with a key, as the sign-in page does. */
import type { BrowserContext } from 'playwright-core';

export async function signIn(
  context: BrowserContext,
  { url, secret }: { readonly url: string; readonly secret: string },
): Promise<void> {
  const answer = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  });
  const cookie = answer.headers.get('set-cookie') ?? '';
  const value = /imagemill_session=([^;]+)/.exec(cookie)?.[1] ?? '';
  await context.addCookies([{ name: 'imagemill_session', value, url, httpOnly: true }]);
}
