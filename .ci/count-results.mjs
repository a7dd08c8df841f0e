// Prints `N passed, N failed` of Vitest's JSON report and ends with 1 if anything failed.
// Arguments: the report's path, `passed` or `failed` for the check, the exit code of the tests.
import { readFileSync } from 'node:fs';

const [, , reportPath, check, testsExitCode] = process.argv;
const report = readReport(reportPath);
// A file that could not even be loaded has no tests to count, yet it failed.
const brokenFiles = report.testResults.filter(
  (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
);
let failed = report.numFailedTests + brokenFiles.length;
if (failed === 0 && testsExitCode !== '0') failed = 1;
if (check !== 'passed') failed += 1;
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}
