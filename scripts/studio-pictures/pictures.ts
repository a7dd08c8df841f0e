/** The pictures of the studio: which page, and what is done on it before it is taken. */
import type { Page } from 'playwright-core';
import type { World } from './world.ts';

export interface StudioPicture {
  readonly name: string;
  readonly path: (world: World) => string | Promise<string>;
  readonly isPhone?: boolean;
  readonly theme?: 'light' | 'dark';
  readonly isSignedOut?: boolean;
  readonly prepare?: (page: Page, world: World) => Promise<void>;
}

const SHEET = `name,prompt,negative_prompt,size,image
teapot,"Product photo of a teapot on wet stone, soft light",text,1024x1024,@kitchen
lantern,"Product photo of a lantern in the snow, blue hour",people,1536x1024,
backpack,"Product photo of a backpack by a window, 85 mm",,1024x1024,
armchair,"Product photo of an armchair in morning light",text,huge,
wristwatch,"Product photo of a wristwatch on linen, macro",people,1024x1536,@perfume
`;

async function dropSheet(page: Page): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'shop.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
  await page.getByRole('gridcell').filter({ hasText: 'huge' }).first().waitFor();
}

const SIX_PROMPTS = [
  'A white lighthouse on a cliff above a stormy sea, oil painting',
  'A glass teapot with jasmine tea, studio light, on slate',
  'A paper city seen from above, soft shadows',
  'A red fox in the first snow, shallow depth of field',
  'A neon street after rain, mirrored in puddles',
  'A bowl of ramen from above, steam, warm light',
];

async function typePrompts(page: Page): Promise<void> {
  await page.getByLabel('Prompts, one a line').fill(SIX_PROMPTS.join('\n'));
  await page
    .getByRole('button', { name: /^Make (all|it)/ })
    .first()
    .waitFor();
}

async function triedOut(page: Page): Promise<void> {
  const trying = page.getByText('Trying it out');
  await trying.waitFor();
  await trying.waitFor({ state: 'detached', timeout: 30_000 });
}

/** Pictures of the documents first, then one of each page. */
export const PICTURES: readonly StudioPicture[] = [
  { name: 'generate', path: () => '/generate', prepare: typePrompts },
  { name: 'generate-sheet', path: () => '/generate', prepare: dropSheet },
  { name: 'generate-phone', path: () => '/generate', isPhone: true, prepare: typePrompts },
  { name: 'run', path: ({ running }) => `/runs/${running}` },
  { name: 'run-phone', path: ({ running }) => `/runs/${running}`, isPhone: true },
  { name: 'run-done', path: ({ done }) => `/runs/${done}`, theme: 'dark' },
  { name: 'review', path: ({ done }) => `/runs/${done}/review`, theme: 'dark' },
  { name: 'review-phone', path: ({ done }) => `/runs/${done}/review`, isPhone: true },
  { name: 'share', path: ({ shared }) => shared, isSignedOut: true },
  { name: 'share-phone', path: ({ shared }) => shared, isSignedOut: true, isPhone: true },
  { name: 'references', path: () => '/references' },
  { name: 'tools', path: ({ done }) => `/tools?run=${done}`, prepare: triedOut },
  { name: 'dashboard', path: () => '/dashboard' },
  { name: 'dashboard-phone', path: () => '/dashboard', isPhone: true, theme: 'dark' },
  { name: 'runs', path: () => '/runs', theme: 'dark' },
  { name: 'settings', path: () => '/settings' },
  { name: 'settings-members', path: () => '/settings/members' },
  { name: 'settings-models', path: () => '/settings/models' },
  { name: 'sign-in', path: () => '/sign-in', isSignedOut: true },
];
