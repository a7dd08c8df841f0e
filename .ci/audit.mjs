/**
 * Asks the registry whether a known vulnerability is among the packages that users install. Exit code 1
 * for one of high severity or worse. Where no advisory service answers, it says that nothing was checked,
 * and passes: a machine without one must be able to work.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const FAILS = ['high', 'critical'];

/** What `npm audit --json` printed → what to say, and whether it is a failure. */
export function judge(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return notPossible('npm printed no report');
  }
  const counts = report.metadata?.vulnerabilities;
  if (counts === undefined)
    return notPossible(report.message ?? report.error?.summary ?? 'no answer');
  const found = Object.entries(counts).filter(([name, count]) => name !== 'total' && count > 0);
  if (found.length === 0)
    return { failed: false, words: 'Dependency audit: no known vulnerability.' };
  const words = found.map(([name, count]) => `${count} ${name}`).join(', ');
  const packages = Object.entries(report.vulnerabilities ?? {})
    .filter(([, { severity }]) => FAILS.includes(severity))
    .map(([name, { severity, range }]) => `\n  ${name} ${range}: ${severity}`);
  const failed = found.some(([name]) => FAILS.includes(name));
  return {
    failed,
    words: `Dependency audit: known vulnerabilities (${words}).${packages.join('')}${failed ? '\nRun `npm audit` for advisories, and take versions without them.' : ''}`,
  };
}

function notPossible(why) {
  return {
    failed: false,
    words: `Dependency audit NOT DONE: the registry has no advisory service for us (${why.trim()}). Nothing is known about vulnerabilities.`,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev'], {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 2 ** 20,
  });
  const { failed, words } = judge(stdout ?? '');
  console.log(words);
  process.exitCode = failed ? 1 : 0;
}
