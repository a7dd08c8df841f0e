import { errorText } from './error-text.ts';

/** Why a picture was not added. The engine says first which one it is, `hero=hero.png: …`: the page shows that already. */
export function referenceProblem(error: unknown, name: string): string {
  const { title, detail } = errorText(error);
  const words = detail === '' ? title : detail;
  const start = words.startsWith(`${name}=`) ? words.indexOf(': ') : -1;
  return start === -1 ? words : words.slice(start + 2);
}
