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

export const PICTURES: readonly StudioPicture[] = [
  { name: 'sign-in', path: () => '/sign-in', isSignedOut: true },
  { name: 'generate', path: () => '/generate' },
  { name: 'runs', path: () => '/runs' },
  { name: 'runs-dark', path: () => '/runs', theme: 'dark' },
  { name: 'run', path: ({ running }) => `/runs/${running}` },
  { name: 'run-done', path: ({ done }) => `/runs/${done}`, theme: 'dark' },
  { name: 'review', path: ({ done }) => `/runs/${done}/review`, theme: 'dark' },
  { name: 'references', path: () => '/references' },
  { name: 'tools', path: ({ done }) => `/tools?run=${done}` },
  { name: 'dashboard', path: () => '/dashboard' },
  { name: 'dashboard-dark', path: () => '/dashboard', theme: 'dark' },
  { name: 'settings', path: () => '/settings' },
  { name: 'settings-members', path: () => '/settings/members' },
  { name: 'settings-models', path: () => '/settings/models' },
  { name: 'generate-phone', path: () => '/generate', isPhone: true },
  { name: 'run-phone', path: ({ running }) => `/runs/${running}`, isPhone: true },
  { name: 'review-phone', path: ({ done }) => `/runs/${done}/review`, isPhone: true },
  { name: 'dashboard-phone', path: () => '/dashboard', isPhone: true, theme: 'dark' },
];
