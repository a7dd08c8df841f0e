/** What the visitor is called: asked once, and kept in this browser. */
const KEY = 'imagemill-visitor';

/** `undefined`: nobody was asked yet; empty: they did not want to say. */
export function visitorName(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

export function keepVisitorName(name: string): void {
  localStorage.setItem(KEY, name);
}
