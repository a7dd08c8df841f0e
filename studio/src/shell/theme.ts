/** Light, dark, or as the system has it; kept in this browser. */
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_TITLES: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

const KEY = 'imagemill-theme';
const listeners = new Set<() => void>();
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((each) => each === kept) ?? 'system';
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, theme);
}

/** Which of the two is shown now: for charts and grids, which have colours of their own. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

export function followSystemTheme(): void {
  prefersDark.addEventListener('change', apply);
  addEventListener('storage', apply);
  apply();
}

function isDark(): boolean {
  const chosen = theme();
  return chosen === 'system' ? prefersDark.matches : chosen === 'dark';
}

function apply(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
