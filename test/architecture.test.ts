import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  circles,
  filesBelow,
  type Import,
  importsOf,
  readSource,
  ROOT,
  sourceFiles,
  withoutComments,
} from './support/source-tree.ts';

const STAGES = [
  'input',
  'catalog',
  'plan',
  'admit',
  'send',
  'store',
  'settle',
  'finish',
  'deliver',
] as const;

/** Rooms that lead through several stages, like the files at the top: they may know all of them. */
const LEADING = ['request', 'bundle', 'drive', 'share', 'prepare', 'report', 'tools', 'service'];

/** Rooms that a room may know besides itself; everyone may know `core`. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(STAGES.map((stage) => [stage, []])),
  core: [],
  vendors: [],
  ports: [],
  references: [],
  // One decoder of BMP, and one way to find out that a picture is whole, for references and for masters.
  finish: ['references/read-bitmap.ts', 'references/read-whole.ts'],
  // Excel files are unpacked in a thread, which real time bounds.
  input: ['ports/system-workbook.ts'],
  // Files written whole or not at all: one way to do it for the store's images and the delivered ones.
  // And which version of the program writes: older ones ask whether they may go on.
  store: ['ports/whole-file.ts', 'version.ts'],
  // Also what others have put into a folder, which is opened without waiting for it.
  deliver: ['ports/whole-file.ts', 'ports/open-file.ts'],
};

/** Single imports that cross a wall of the house, each with its reason. */
const CROSSINGS: Readonly<Record<string, string>> = {
  'src/engine/version.ts → package.json': 'the version is written there and nowhere else',
};

/** Public files that `index.ts` offers as well: a door may take them without the whole engine. */
const PUBLIC = ['index.ts', 'engine-types.ts', 'exit-code.ts', 'version.ts'];

/** Most lines of a file, and those that are longer for a reason. None may pass the second figure. */
const MOST_LINES = 350;
const MOST_LINES_EVER = 500;
const LONGER: Readonly<Record<string, string>> = {
  'src/engine/store/statements/attempts.ts':
    'what may happen to an attempt, transaction by transaction',
  'src/engine/store/statements/lines.ts': 'reading a sheet into a run, with all its statements',
};

const engine = sourceFiles('src/engine');
const everything = ['src', 'simulators', 'studio', 'test', 'bench', 'scripts'].flatMap((folder) =>
  sourceFiles(folder, { tests: true }),
);
const importsOfEngine = engine.flatMap(importsOf);

describe('imports', () => {
  test('a stage knows core and itself, and no other stage', () => {
    const wrong = importsOfEngine.filter(
      ({ from, to }) => to !== undefined && roomOf(from) !== 'top' && !mayKnow(from, to),
    );
    expect(shown(wrong).filter((each) => !(each in CROSSINGS))).toEqual([]);
  });

  test('each exception is still needed', () => {
    const actual = shown(importsOfEngine);
    expect(Object.keys(CROSSINGS).filter((each) => !actual.includes(each))).toEqual([]);
  });

  test('core uses nothing from outside but the hash that ids are made of', () => {
    const outside = importsOfEngine.filter(
      ({ from, to }) => roomOf(from) === 'core' && to === undefined,
    );
    expect(shown(outside)).toEqual(['src/engine/core/ids.ts → node:crypto']);
  });

  test('the engine knows no door, no simulator and nothing else around it', () => {
    const outward = importsOfEngine.filter(({ to }) => to !== undefined && !isBelow('engine', to));
    expect(shown(outward).filter((each) => !(each in CROSSINGS))).toEqual([]);
  });

  test('a door knows the public names of the engine, core and its own files', () => {
    const doors = ['src/cli', 'src/server', 'src/api', 'src/mcp'];
    const wrong = doors.flatMap((door) =>
      sourceFiles(door)
        .flatMap(importsOf)
        .filter(({ from, to }) => to !== undefined && !doorMayKnow(door, from, to)),
    );
    expect(shown(wrong)).toEqual([]);
  });

  test('the studio knows the contract and core', () => {
    const wrong = sourceFiles('studio/src')
      .flatMap(importsOf)
      .filter(({ to }) => to?.startsWith('src/') === true && !isBelow('api', to))
      .filter(({ to }) => roomOf(to!) !== 'core');
    expect(shown(wrong)).toEqual([]);
  });

  test('a page of the studio knows no other page, and what pages share knows none', () => {
    const pageOf = (path: string) => /^studio\/src\/pages\/([^/]+)\//.exec(path)?.[1];
    const wrong = sourceFiles('studio/src')
      .flatMap(importsOf)
      .filter(({ from }) => from !== 'studio/src/router.tsx')
      .filter(({ to }) => to !== undefined && pageOf(to) !== undefined)
      .filter(({ from, to }) => pageOf(from) !== pageOf(to!));
    expect(shown(wrong)).toEqual([]);
  });

  test('the simulators know core only', () => {
    const wrong = sourceFiles('simulators')
      .flatMap(importsOf)
      .filter(({ to }) => to?.startsWith('src/') === true && roomOf(to) !== 'core');
    expect(shown(wrong)).toEqual([]);
  });

  test('nothing imports in a circle', () => {
    const loaded = ['src', 'simulators', 'studio/src']
      .flatMap((folder) => sourceFiles(folder))
      .flatMap(importsOf);
    expect(circles(loaded.filter(({ isType }) => !isType))).toEqual([]);
  });

  test('a relative import names a file that is there, with its ending', () => {
    const wrong = everything
      .flatMap(importsOf)
      .filter(
        ({ to }) =>
          to !== undefined && !(/\.(tsx?|json|css)$/.test(to) && existsSync(join(ROOT, to))),
      );
    expect(shown(wrong)).toEqual([]);
  });
});

describe('the engine takes the world through its ports', () => {
  const READS = {
    'the clock': /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bhrtime\b/,
    chance: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b/,
    timers: /\b(?:setTimeout|setInterval|setImmediate)\b|\btimers\/promises\b/,
    'the network': /(?<![.\w#])fetch\((?!\s*\w+\??:)|\bglobalThis\.fetch\(/,
    'the environment': /\bprocess\.env\b/,
  };

  const ALLOWED = [
    // Whether the machine has fonts shows on the contact sheet only, never in a decision.
    'src/engine/deliver/lettering.ts reads the environment',
    // Ports as well: a process marks its own signals, to tell them from those of others.
    'src/engine/ports/file-signals.ts reads chance',
    'src/engine/ports/postgres-signals.ts reads chance',
  ];

  test.each(Object.entries(READS))('only a system port reads %s', (what, reading) => {
    const readers = engine
      .filter((path) => !path.startsWith('src/engine/ports/system-'))
      .filter((path) => reading.test(withoutComments(readSource(path))))
      .map((path) => `${path} reads ${what}`);
    expect(readers.filter((each) => !ALLOWED.includes(each))).toEqual([]);
  });
});

describe('files', () => {
  test(`have at most ${MOST_LINES} lines, but for those with a reason`, () => {
    const long = [...sourceFiles('src'), ...sourceFiles('studio/src')].filter(
      (path) => linesOf(path) > MOST_LINES,
    );
    expect(long.filter((path) => !(path in LONGER))).toEqual([]);
    expect(long.filter((path) => linesOf(path) > MOST_LINES_EVER)).toEqual([]);
  });

  test('that needed a reason to be long are long still', () => {
    const short = Object.keys(LONGER).filter((path) => linesOf(path) <= MOST_LINES);
    expect(short).toEqual([]);
  });

  test('speak of the project only', () => {
    // Put together here, so that this file holds none of them.
    const foreign = new RegExp([`/wo${'rk/'}`, `wo${'rkshop'}`, `is${'sue #'}`].join('|'), 'i');
    const texts = ['src', 'simulators', 'studio', 'test', 'bench', 'scripts', 'docs'].flatMap(
      filesBelow,
    );
    const pages = [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'package.json',
    ];
    const read = [...texts.filter((path) => /\.(tsx?|md|json|css|html)$/.test(path)), ...pages];
    const wrong = read.filter(
      (path) => existsSync(join(ROOT, path)) && foreign.test(readSource(path)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  test('lists the invariants, each with a test that is there', () => {
    expect(existsSync(join(ROOT, 'ARCHITECTURE.md')), 'ARCHITECTURE.md is missing').toBe(true);
    // | 1 | Nothing is sent without … | test/simulation/money.test.ts |
    const rows = [...readSource('ARCHITECTURE.md').matchAll(/^\|\s*(\d+)\s*\|.*\|([^|]*)\|\s*$/gm)];
    const numbers = rows.map(([, number]) => Number(number));
    expect(numbers.length, 'rows `| number | invariant | test |` are missing').toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    for (const [row, , cell = ''] of rows) {
      const tests = cell.match(/[\w./-]+\.test\.ts/g) ?? [];
      expect(tests.length, `no test is named in: ${row}`).toBeGreaterThan(0);
      const missing = tests.filter((path) => !existsSync(join(ROOT, path)));
      expect(missing, `named, but not there, in: ${row}`).toEqual([]);
    }
  });
});

function mayKnow(from: string, to: string): boolean {
  const room = roomOf(from);
  if (!isBelow('engine', to)) return false;
  if (roomOf(to) === room || roomOf(to) === 'core') return true;
  return (MAY_KNOW[room] ?? []).some((path) => to === `src/engine/${path}`);
}

function doorMayKnow(door: string, from: string, to: string): boolean {
  if (to.startsWith(`${door}/`) || isBelow('engine/core', to) || isBelow('api', to)) return true;
  if (PUBLIC.some((name) => to === `src/engine/${name}`)) return true;
  // `imagemill simulate` starts the simulators; nothing else of the program needs them.
  if (from.startsWith('src/cli/') && to === 'src/server/index.ts') return true;
  // Assistants come in by standard input or through the server.
  if (/^src\/(?:cli|server)\//.test(from) && to === 'src/mcp/index.ts') return true;
  return from.startsWith('src/cli/') && from.includes('simulate') && to.startsWith('simulators/');
}

/** The room of the engine that a file belongs to; `top` for those that know several stages. */
function roomOf(path: string): string {
  const room = /^src\/engine\/([^/]+)\//.exec(path)?.[1] ?? 'top';
  return LEADING.includes(room) ? 'top' : room;
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(`src/${folder}/`);
}

function linesOf(path: string): number {
  return readSource(path).trimEnd().split('\n').length;
}

function shown(imports: readonly Import[]): string[] {
  return imports.map(({ from, to, specifier }) => `${from} → ${to ?? specifier}`);
}
