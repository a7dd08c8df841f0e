/** The keys of the keyboard, by where they work: for the help and the settings. Each page binds its own. */
import { PAGES } from './pages.ts';

export interface KeyHelp {
  /** Pressed together when joined by `+`, else one after the other. */
  readonly keys: readonly string[];
  readonly what: string;
}

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly KeyHelp[];
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['Ctrl+K'], what: 'Go to a page or a run' },
      { keys: ['?'], what: 'Show these keys' },
      { keys: ['Esc'], what: 'Close what is open' },
      { keys: ['Tab'], what: 'To the next thing; with Shift, back' },
      { keys: ['Alt+T'], what: 'To the messages in the corner' },
    ],
  },
  {
    title: 'Pages',
    keys: PAGES.map(({ keys, title }) => ({ keys, what: title })),
  },
];
