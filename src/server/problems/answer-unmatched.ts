/** What is answered where no route is: 405 when another method would do, 404 else. */
import type { App, AppContext } from '../app-env.ts';
import { answerError } from './answer-problem.ts';
import { notFound, ProblemError } from './problem-error.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Those of middleware: they are there for every path. */
const ANY = 'ALL';

/** Where programs on OpenAI's clients go whose base URL lacks the rest. */
const OF_OPENAI = /\/(?:images\/(?:generations|edits)|chat\/completions|responses)$/;
const OPENAI_BASE = '/openai/v1';

export function answerUnmatched(app: App, c: AppContext): Response {
  const { path } = c.req;
  if (OF_OPENAI.test(path) && !path.startsWith(`${OPENAI_BASE}/`)) {
    return answerError(
      c,
      notFound(`${c.req.method} ${path}`, `OpenAI's API is below ${OPENAI_BASE}.`),
    );
  }
  const allowed = METHODS.filter((method) => isBound(app, method, c.req.path));
  if (allowed.length === 0) return answerError(c, notFound(`${c.req.method} ${c.req.path}`));
  const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ');
  return answerError(
    c,
    new ProblemError(
      'method-not-allowed',
      `${c.req.path} takes ${allow}, and no ${c.req.method}.`,
      {
        headers: { allow },
      },
    ),
  );
}

function isBound(app: App, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path);
  return handlers.some(([[, route]]) => route.method !== ANY);
}
