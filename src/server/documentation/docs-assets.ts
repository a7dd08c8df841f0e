/** The files of the documentation's pages, by their names: a client's path opens none. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface DocsAsset {
  readonly mediaType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const TEXT_OF: Readonly<Record<string, { readonly mediaType: string; readonly text: string }>> = {
  'start.js': {
    mediaType: 'text/javascript; charset=utf-8',
    text: `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  filter: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelRendering: 'example',
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // A key is asked for again in each window: it is kept in no browser.
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`,
  },
  'docs.css': {
    mediaType: 'text/css; charset=utf-8',
    text: `:root { color-scheme: light; }
body { margin: 0; background: #fbfbfa; color: #1c1c1a; font: 16px/1.55 system-ui, sans-serif; }
.page { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
.page h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.25rem; }
.page h2 { font-size: 1rem; margin: 1.75rem 0 0.25rem; }
.page p { margin: 0.25rem 0; }
.page code { background: #eeeeea; border-radius: 4px; padding: 0.1em 0.35em; font-size: 0.9em; }
.page a { color: #1a5fb4; }
.page table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
.page td, .page th { text-align: left; padding: 0.4rem 0.75rem 0.4rem 0; vertical-align: top; border-bottom: 1px solid #e4e4df; }
.swagger-ui .wrapper { max-width: 68rem; }
.swagger-ui .info { margin: 2rem 0 1.5rem; }
.swagger-ui .scheme-container { box-shadow: none; background: none; padding: 0; margin: 0 0 1rem; }
/* Problems all look the same: their meaning is what a reader needs, ten times over. */
.swagger-ui .responses-table:not(.live-responses-table) tr.response:not([data-code^='2']) .response-col_description > :not(.response-col_description__inner) { display: none; }
.swagger-ui .response-col_links, .swagger-ui .responses-header .col_header.response-col_links { display: none; }
`,
  },
};

/** From the package `swagger-ui-dist`. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const read = new Map<string, Promise<DocsAsset>>();

/** `undefined`: there is no such file. */
export async function docsAsset(name: string): Promise<DocsAsset | undefined> {
  const own = Object.hasOwn(TEXT_OF, name) ? TEXT_OF[name] : undefined;
  if (own !== undefined) return { mediaType: own.mediaType, body: own.text };
  const mediaType = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (mediaType === undefined) return undefined;
  const asset = read.get(name) ?? readAsset(name, mediaType);
  read.set(name, asset);
  return asset;
}

async function readAsset(name: string, mediaType: string): Promise<DocsAsset> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  return { mediaType, body: new Uint8Array(await readFile(join(folder, name))) };
}
