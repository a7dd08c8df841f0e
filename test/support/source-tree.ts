import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** One import or re-export; paths are relative to the root, with `/`. */
export interface Import {
  readonly from: string;
  /** As written: `../core/clock.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** The file it names; `undefined` for a package or a module of Node. */
  readonly to: string | undefined;
  /** `import type`: gone before anything runs. */
  readonly isType: boolean;
}

/** Every TypeScript file below a folder, tests left out unless wanted. */
export function sourceFiles(folder: string, { tests = false } = {}): string[] {
  return filesBelow(folder)
    .filter((path) => /\.tsx?$/.test(path) && (tests || !/\.(test|contract)\.ts$/.test(path)))
    .sort();
}

/** Every file below a folder; none when the folder is not there. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The code without its comments; an address in a string is not a comment. */
export function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<![:'"`])\/\/.*$/gm, '');
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

/** Reads what formatted code says; no need to parse it. */
export function importsOf(path: string): Import[] {
  const code = withoutComments(readSource(path));
  const toImport = (specifier: string, isType: boolean): Import => ({
    from: path,
    specifier,
    to: specifier.startsWith('.') ? join(dirname(path), specifier) : undefined,
    isType,
  });
  return [
    ...[...code.matchAll(STATEMENT)].map((found) => toImport(found[2]!, found[1] !== undefined)),
    ...[...code.matchAll(DYNAMIC)].map((found) => toImport(found[1]!, false)),
  ];
}

/** `a → b → a` of each circle that the imports make. */
export function circles(imports: readonly Import[]): string[] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) found.push([...way.slice(start), file].map(shorten).join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) if (to !== undefined) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

function shorten(path: string): string {
  return relative('src', path);
}
