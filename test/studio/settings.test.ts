/** The settings, and the ways in: members, keys, webhooks, models, credits, limits, invitations. */
import { describe, expect, test } from 'vitest';
import { ownPath } from '../../studio/src/pages/sign-in/own-path.ts';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { type LiveServer, liveServer } from '../support/live-server.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  studioOf,
  type Width,
} from '../support/studio.ts';

const SECTIONS = [
  ['workspace', 'Workspace'],
  ['members', 'Members'],
  ['keys', 'Keys'],
  ['webhooks', 'Webhooks'],
  ['models', 'Models and prices'],
  ['credits', 'Credits and packs'],
  ['limits', 'Limits'],
  ['appearance', 'Appearance and keyboard'],
] as const;

const WALK_MS = 60_000;

/** One of everything that the settings list. */
async function furnish({ call }: LiveServer): Promise<void> {
  const post = (path: string, body: unknown) => call('POST', path, { body });
  await post('/v1/invitations', { name: 'Ada Lovelace', role: 'member', budget: 200 });
  await post('/v1/keys', { name: 'nightly import', budget: 50 });
  await post('/v1/webhooks', { url: 'https://example.com/imagemill', events: ['run.completed'] });
  await post('/v1/workspaces', { workspace: 'acme', name: 'Acme Studio' });
  await post('/v1/workspaces/acme/credits', { kind: 'grant', credits: 40, reason: 'Welcome' });
}

describe.skipIf(WITHOUT_BROWSER)('the settings', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ])(
    'are for everybody, each section of them (%s, %s)',
    { timeout: WALK_MS },
    async (width, theme) => {
      const { server, page, open, complaints } = await studio({ width, theme });
      await furnish(server);
      for (const [id, title] of SECTIONS) {
        await open(`/settings/${id}`);
        await page.getByRole('heading', { name: title, level: 2 }).waitFor();
        await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
      expect(complaints).toEqual([]);
    },
  );

  test('make a key by the keyboard, tell its secret once, and revoke it', async () => {
    const { server, page, open, complaints } = await studio();
    await open('/settings/keys');
    await page.getByRole('button', { name: 'New key' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').waitFor();
    await expectAccessible(page);
    await page.keyboard.type('nightly import');
    await page.getByLabel('Budget in credits').fill('-5');
    await page.keyboard.press('Enter');
    // The server's problem, at its field.
    await page.getByRole('dialog').getByText(/0/).first().waitFor();
    await page.getByLabel('Budget in credits').fill('12.5');
    await page.keyboard.press('Enter');
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    expect(secret).toMatch(/^im_[a-z0-9]{40}$/);
    await expectAccessible(page);
    expect((await server.call('GET', '/v1/session', { key: secret })).status).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('12.5 of 12.5 credits left').waitFor();
    await page.reload();
    await page.getByText('nightly import').waitFor();
    expect(await page.content()).not.toContain(secret);
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])',
    );
    expect(kept).not.toContain(secret);

    await page.getByRole('button', { name: 'Actions for nightly import' }).click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    await page.getByText('is refused from now on').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Revoke nightly import' }).click();
    await page.getByText('No keys of programs').waitFor();
    expect((await server.call('GET', '/v1/session', { key: secret })).status).toBe(401);
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });

  test('rotate a key and change its name and budget', async () => {
    const { server, page, open } = await studio();
    await furnish(server);
    await open('/settings/keys');
    const act = async (name: string) => {
      await page.getByRole('button', { name: 'Actions for nightly import' }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await act('New secret…');
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('old secret good until').waitFor();
    await act('Change…');
    await page.getByLabel('Name').fill('daily import');
    await page.getByLabel('Budget in credits').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('daily import').waitFor();
    await page.getByText('0 credits used').waitFor();
  });

  test('invite somebody, who signs in by the link and with their own key afterwards', async () => {
    const { server, page, open, complaints } = await studio();
    await open('/settings/members');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByLabel('Link').inputValue();
    expect(link).toContain('/sign-in#invite=imi_');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('invited', { exact: true }).waitFor();

    const guest = await studioOf(server, { width: 'phone' });
    await guest.context.clearCookies();
    const asked: string[] = [];
    guest.page.on('request', (request) => asked.push(request.url()));
    await guest.page.goto(link);
    await guest.page.getByText('You are invited').waitFor();
    await expectAccessible(guest.page);
    await guest.page.getByRole('button', { name: 'Accept and sign in' }).click();
    await guest.page.getByText('Welcome, Ada Lovelace').waitFor();
    await expectAccessible(guest.page);
    const secret = await guest.page.getByLabel('Your key').inputValue();
    // Neither is in an address that anybody is told, or that the browser keeps.
    expect(asked.filter((url) => url.includes('imi_') || url.includes('im_'))).toEqual([]);
    expect(guest.page.url()).not.toContain('imi_');
    await guest.page.getByRole('button', { name: 'I have kept it' }).click();
    await guest.page.waitForURL('**/generate');

    await guest.context.clearCookies();
    await guest.page.goto(`${server.url}/sign-in?to=/runs`);
    await guest.page.getByLabel('Key').fill(secret);
    await guest.page.getByRole('button', { name: 'Sign in' }).click();
    await guest.page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    // A member keeps no keys: the sections for that are not theirs.
    await guest.page.goto(`${server.url}/settings/keys`);
    await guest.page.getByText('There is no such section for you').waitFor();
    await expectAccessible(guest.page);

    await guest.context.clearCookies();
    await guest.page.goto(link);
    await guest.page.reload();
    await guest.page.getByRole('button', { name: 'Accept and sign in' }).click();
    await guest.page.getByText('was accepted already').waitFor();
    expect(complaints).toEqual([]);
  });

  test('change what a member may do, and remove them', async () => {
    const { server, page, open } = await studio();
    await furnish(server);
    await open('/settings/members');
    const act = async (name: string) => {
      await page.getByRole('button', { name: 'Actions for Ada Lovelace' }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await act('Change the role…');
    await page.getByRole('button', { name: /^Member/ }).click();
    await page.getByRole('option', { name: 'Admin' }).click();
    await page.getByRole('button', { name: 'Change the role' }).click();
    await page.getByText('admin', { exact: true }).waitFor();
    await act('Remove…');
    await page.getByText('signed out everywhere').waitFor();
    await page.getByRole('button', { name: 'Remove Ada Lovelace' }).click();
    await page.getByText('Ada Lovelace').first().waitFor({ state: 'detached' });
  });

  test('make a workspace and enter credits, after saying what that does', async () => {
    const { page, open } = await studio();
    await open('/settings');
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByLabel('Id').fill('acme');
    await page.getByLabel('Name').fill('Acme Studio');
    await page.getByRole('button', { name: 'Make the workspace' }).click();
    await page.getByRole('button', { name: 'Actions for Acme Studio' }).click();
    await page.getByRole('menuitem', { name: 'Enter credits…' }).click();
    await page.getByRole('spinbutton', { name: 'Credits' }).fill('250');
    await page.getByText('from 0 credits to 250 credits').waitFor();
    await page.getByLabel('Reason').fill('Welcome');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Give 250 credits' }).click();
    await page.getByText('250 credits left').waitFor();
    await page.getByRole('button', { name: 'Actions for Acme Studio' }).click();
    await page.getByRole('menuitem', { name: 'Suspend…' }).click();
    await page.getByText('Nothing of it is sent any more').waitFor();
    await page.getByRole('button', { name: 'Suspend Acme Studio' }).click();
    await page.getByText('suspended', { exact: true }).waitFor();
  });

  test('make a webhook, send a test, and show what it was answered', async () => {
    const { page, open } = await studio({ settings: { allowPrivateWebhooks: true } });
    await open('/settings/webhooks');
    await page.getByRole('button', { name: 'New webhook' }).first().click();
    await page.getByLabel('Address').fill('nonsense');
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByRole('dialog').getByText(/https/).first().waitFor();
    await page.getByLabel('Address').fill('http://127.0.0.1:9/none');
    await page.getByText('a run begins').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    expect(await page.getByLabel('Signing secret').inputValue()).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Send a test' }).click();
    await page.getByText('webhook.test').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove the webhook' }).click();
    await page.getByText('Nobody is told').waitFor();
  });

  test('find models, show their prices, and compare two', async () => {
    const { page, open } = await studio();
    await open('/settings/models');
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('gpt-image');
    await page.getByText('Demo painter').waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: /^Prices and facts of/ })
      .first()
      .click();
    await page.getByRole('grid', { name: /^Prices of/ }).waitFor();
    await expectAccessible(page);
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('');
    const boxes = page.getByRole('checkbox', { name: /^Compare/ });
    await boxes.nth(0).focus();
    await page.keyboard.press('Space');
    await boxes.nth(1).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Compare 2' }).click();
    await page.getByRole('grid', { name: 'Models side by side' }).waitFor();
    await expectAccessible(page);
  });

  test('show in a second tab what was done in the first', async () => {
    const { server, context, page, open } = await studio();
    await open('/settings/credits');
    await page.getByText('no limit').first().waitFor();
    const second = await context.newPage();
    await second.goto(`${server.url}/settings`);
    await second.getByRole('button', { name: 'Actions for Local' }).click();
    await second.getByRole('menuitem', { name: 'Enter credits…' }).click();
    await second.getByRole('spinbutton', { name: 'Credits' }).fill('75');
    await second.getByLabel('Reason').fill('Welcome');
    await second.getByRole('button', { name: 'Give 75 credits' }).click();
    await second.getByText('It is in the ledger').waitFor();
    await page.bringToFront();
    await page.getByText('Welcome').first().waitFor();
    await page.getByText('75 credits').first().waitFor();
  });
});

describe.skipIf(WITHOUT_BROWSER)('the way in', () => {
  test.each(['//evil.example', '/\\evil.example', 'javascript:alert(1)', 'https://evil.example'])(
    'leads to no other place than this server (%s)',
    async (to) => {
      const server = await liveServer();
      const { page, context } = await studioOf(server);
      await context.clearCookies();
      await page.goto(`${server.url}/sign-in?to=${encodeURIComponent(to)}`);
      await page.getByLabel('Key').fill(server.secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL('**/generate');
      expect(new URL(page.url()).origin).toBe(new URL(server.url).origin);
    },
  );

  test('says what to do without a key', async () => {
    const server = await liveServer();
    const { page, context } = await studioOf(server);
    await context.clearCookies();
    await page.goto(`${server.url}/sign-in`);
    await page.getByRole('button', { name: 'Help with signing in' }).click();
    await page.getByText('imagemill keys create').waitFor();
    await expectAccessible(page);
    // Password managers fill and keep what is marked so.
    expect(await page.getByLabel('Key').getAttribute('autocomplete')).toBe('current-password');
  });
});

describe('ownPath()', () => {
  const origin = 'http://127.0.0.1:8787';
  test('keeps a path of this server, with its query', () => {
    expect(ownPath('/runs?state=done#end', origin)).toBe('/runs?state=done#end');
  });
  test.each(['//evil', '/\\evil', 'javascript:alert(1)', 'https://evil', '/.//evil', '', 'runs'])(
    'takes %s for none',
    (wanted) => {
      expect(ownPath(wanted, origin)).toBe('/generate');
    },
  );
});
