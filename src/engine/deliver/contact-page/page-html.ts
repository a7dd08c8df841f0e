import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { escapeXml } from '../../core/xml-text.ts';
import type { PageItem } from './page-item.ts';
import { PAGE_MARK } from './page-names.ts';

/** What the page says of a run, or of a folder that is shown like one. */
export interface SourceFacts {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly generator: string;
  readonly credits: number;
  readonly usd: number;
  readonly counts: Readonly<Record<PageItem['state'], number>>;
}

export interface PageFacts {
  readonly sources: readonly SourceFacts[];
  /** All of them, over all pieces. */
  readonly items: number;
}

/** The page's parts, in the order in which they are loaded; each may use those before it. */
const SCRIPTS = [
  'elements.js',
  'items.js',
  'filter.js',
  'facts.js',
  'tiles.js',
  'lines.js',
  'window.js',
  'card.js',
  'large.js',
  'keyboard.js',
  'controls.js',
  'page.js',
] as const;

/**
 * The whole page but for its items: style and scripts stand in it, so that a page always has the
 * scripts that it was made with. Its policy allows these, the items' scripts and pictures, and nothing
 * else. (`'self'` is enough on a web server; from a disk some browsers ask for `file:`.)
 *
 * @param pieces addresses of the items' scripts
 */
export async function pageHtml(facts: PageFacts, pieces: readonly string[]): Promise<string> {
  const [frame, style, ...scripts] = await Promise.all(
    ['page.html', 'page.css', ...SCRIPTS].map(asset),
  );
  const policy = [
    "default-src 'none'",
    "img-src 'self' file:",
    `style-src '${hashOf(style!)}'`,
    `script-src 'self' file: ${scripts.map((script) => `'${hashOf(script)}'`).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const parts: Readonly<Record<string, string>> = {
    mark: PAGE_MARK,
    policy: policy.join('; '),
    title: escapeXml(facts.sources.map(({ title }) => title).join(' · ')),
    style: `<style>${style}</style>`,
    facts: `<script type="application/json" id="facts">${scriptSafe(JSON.stringify(facts))}</script>`,
    scripts: scripts.map((script) => `<script>${script}</script>`).join('\n'),
    pieces: pieces.map((piece) => `<script src="${escapeXml(piece)}" defer></script>`).join('\n'),
  };
  return frame!.replace(/<!-- (\w+) -->|\{\{(\w+)\}\}/g, (whole, comment, field) => {
    return parts[(comment ?? field) as string] ?? whole;
  });
}

/** A script that hands items (as JSON) to the page. */
export function scriptText(items: readonly string[]): string {
  return `/* ${PAGE_MARK} */ addItems([\n${items.map(scriptSafe).join(',\n')}\n]);\n`;
}

/** JSON that ends no script element, opens no comment, and holds no line end of old JavaScript. */
function scriptSafe(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

async function asset(name: string): Promise<string> {
  const text = await readFile(new URL(`./page/${name}`, import.meta.url), 'utf8');
  // A browser reads the ends of lines so, and the policy's hashes are of what it reads.
  return text.replaceAll('\r\n', '\n');
}
