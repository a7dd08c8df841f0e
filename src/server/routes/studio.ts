/** The studio: one page for all its addresses, and the files that it loads. */
import type { App, AppContext } from '../app-env.ts';
import { notFound } from '../problems/problem-error.ts';
import { type StudioFile, StudioFiles } from '../studio/studio-files.ts';

/**
 * The studio's own scripts and styles only, none written into the page. `style-src-elem` and `-attr` part what
 * libraries set on elements (sizes, places) from style sheets: text in a `<style>` stays forbidden, but for the two
 * whose hashes are said: React Aria's (the touch actions of what can be pressed) and react-zoom-pan-pinch's,
 * which is put into the page empty and filled then (the last hash is that of no text).
 */
export const STUDIO_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src-elem 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=' 'sha256-/aQdAPrD+kc0v7HnGQTuKBtoP6ZN+lnzOGVJ1Qt6dfw=' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "style-src-attr 'unsafe-inline'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The first words of the studio's addresses: `studio/src/router.tsx` has the pages. */
export const STUDIO_PAGES = [
  'generate',
  'runs',
  'references',
  'tools',
  'dashboard',
  'settings',
  'share',
  'sign-in',
] as const;

/** Files of a build are named by their content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export function studioRoutes(app: App, files: StudioFiles = new StudioFiles()): void {
  const page = async (c: AppContext) => {
    const index = await files.find('index.html');
    if (index === undefined) return c.redirect('/docs');
    return answer(c, index, {
      'cache-control': 'no-cache',
      'content-security-policy': STUDIO_POLICY,
    });
  };
  app.get('/', page);
  for (const name of STUDIO_PAGES) {
    app.get(`/${name}`, page);
    app.get(`/${name}/*`, page);
  }
  app.get('/assets/:file', async (c) => {
    const file = await files.find(`assets/${c.req.param('file')}`);
    if (file === undefined) throw notFound('such file');
    return answer(c, file, { 'cache-control': FOR_EVER });
  });
  app.get('/imagemill.svg', async (c) => {
    const file = await files.find('imagemill.svg');
    if (file === undefined) throw notFound('such file');
    return answer(c, file, { 'cache-control': 'public, max-age=86400' });
  });
}

function answer(c: AppContext, file: StudioFile, headers: Record<string, string>) {
  const takesBrotli = /\bbr\b/.test(c.req.header('accept-encoding') ?? '');
  const isPacked = takesBrotli && file.packed !== undefined;
  return c.body(isPacked ? file.packed! : file.bytes, 200, {
    'content-type': file.mediaType,
    vary: 'accept-encoding',
    ...(isPacked && { 'content-encoding': 'br' }),
    ...headers,
  });
}
