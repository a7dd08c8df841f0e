/** The documentation's pages: the reference, and a page for each kind of problem. */
import { html } from 'hono/html';
import { PROBLEM_STATUS, type ProblemCode } from '../../api/problem.ts';
import { PROBLEM_ADVICE } from '../../api/problem-advice.ts';

type Page = ReturnType<typeof html>;

/**
 * Scripts and styles of our own files only, none written into a page. Styles that scripts set on elements are
 * not meant by `style-src`; small pictures of Swagger UI's style sheet are `data:`.
 */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function referencePage(): Page {
  return page(
    'Imagemill API',
    html`<link rel="stylesheet" href="/docs/swagger-ui.css" />`,
    html`<div id="reference"></div>
      <noscript>
        <main class="page">
          <p>This page takes JavaScript; <a href="/openapi.json">the document</a> does not.</p>
        </main>
      </noscript>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>`,
  );
}

export function problemsPage(): Page {
  const codes = Object.keys(PROBLEM_ADVICE) as ProblemCode[];
  return page(
    'Problems',
    '',
    html`<main class="page">
      <h1>Problems</h1>
      <p>Every error of the API is one of these. <a href="/docs">Back to the reference</a></p>
      <table>
        <tr>
          <th>Status</th>
          <th>Code</th>
          <th>Meaning</th>
        </tr>
        ${codes.map(
          (code) =>
            html`<tr>
              <td>${PROBLEM_STATUS[code]}</td>
              <td>
                <a href="/problems/${code}"><code>${code}</code></a>
              </td>
              <td>${PROBLEM_ADVICE[code].title}</td>
            </tr>`,
        )}
      </table>
    </main>`,
  );
}

export function problemPage(code: ProblemCode): Page {
  const { title, meaning, remedy } = PROBLEM_ADVICE[code];
  return page(
    title,
    '',
    html`<main class="page">
      <h1>${title}</h1>
      <p><code>${code}</code>, status ${PROBLEM_STATUS[code]}</p>
      <h2>What it means</h2>
      <p>${withCode(meaning)}</p>
      <h2>What to do</h2>
      <p>${withCode(remedy)}</p>
      <h2>More</h2>
      <p><a href="/problems">All problems</a>, <a href="/docs">the reference</a></p>
    </main>`,
  );
}

function page(title: string, head: Page | string, body: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="icon" href="/docs/favicon-32x32.png" />
        ${head}
        <link rel="stylesheet" href="/docs/docs.css" />
      </head>
      <body>
        ${body}
      </body>
    </html> `;
}

/** Words between backquotes as code. */
function withCode(text: string): (Page | string)[] {
  return text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}
