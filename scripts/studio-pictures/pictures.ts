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
  { name: 'runs', path: () => '/runs' },
];
