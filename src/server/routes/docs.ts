/** Documentation to be read by people: the reference, and what each problem means. */
import { PROBLEM_ADVICE } from '../../api/problem-advice.ts';
import type { ProblemCode } from '../../api/problem.ts';
import type { App, AppContext } from '../app-env.ts';
import { docsAsset } from '../documentation/docs-assets.ts';
import {
  DOCS_POLICY,
  problemPage,
  problemsPage,
  referencePage,
} from '../documentation/docs-pages.ts';
import { notFound } from '../problems/problem-error.ts';

/** The files change with the program only. */
const A_DAY = 'public, max-age=86400';

export function docsRoutes(app: App): void {
  app.get('/docs/', (c) => c.redirect('/docs'));
  app.get('/docs', (c) => pageOf(c, referencePage()));
  app.get('/docs/:file', async (c) => {
    const asset = await docsAsset(c.req.param('file'));
    if (asset === undefined) throw notFound('such file');
    return c.body(asset.body, 200, { 'content-type': asset.mediaType, 'cache-control': A_DAY });
  });
  app.get('/problems', (c) => pageOf(c, problemsPage()));
  app.get('/problems/:code', (c) => {
    const code = c.req.param('code');
    if (!Object.hasOwn(PROBLEM_ADVICE, code)) throw notFound('such problem');
    return pageOf(c, problemPage(code as ProblemCode));
  });
}

function pageOf(c: AppContext, page: Parameters<AppContext['html']>[0]) {
  return c.html(page, 200, { 'content-security-policy': DOCS_POLICY });
}
