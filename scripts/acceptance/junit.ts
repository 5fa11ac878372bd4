// A result as JUnit XML, in the form that CI servers read: a suite for each category, a case for each test.
import type { SuiteResult, TestResult } from './result.ts';
import type { Category } from './suite.ts';

/** The document; only categories of which a test was run are in it. Durations, in seconds by id, may be missing. */
export function junitOf(
  { results }: SuiteResult,
  categories: readonly Category[],
  durationsS: ReadonlyMap<string, number>,
): string {
  const byId = new Map(results.map((result) => [result.test, result]));
  const suites = categories.flatMap(({ name, tests }) => {
    const cases = tests.flatMap((test) => {
      const result = byId.get(test.id);
      return result ? [{ test, result }] : [];
    });
    if (cases.length === 0) return [];
    const lines = cases.map(({ test, result }) => {
      const attributes = `classname="${escaped(name)}" name="${escaped(`${test.id} ${test.title}`)}"`;
      const time = `time="${(durationsS.get(test.id) ?? 0).toFixed(3)}"`;
      return `    <testcase ${attributes} ${time}>${outcomeOf(result)}</testcase>`;
    });
    const statuses = cases.map(({ result }) => result.status);
    return [`  <testsuite name="${escaped(name)}" ${countsOf(statuses)}>`, ...lines, '  </testsuite>'];
  });
  const counts = countsOf(results.map(({ status }) => status));
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="acceptance" ${counts}>`;
  return `${[head, ...suites, '</testsuites>'].join('\n')}\n`;
}

function countsOf(statuses: readonly TestResult['status'][]): string {
  const count = (wanted: TestResult['status']): number =>
    statuses.filter((status) => status === wanted).length;
  return `tests="${statuses.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
}

function outcomeOf({ status, error = '', logs = [] }: TestResult): string {
  if (status === 'passed') return '';
  if (status === 'skipped') return '<skipped/>';
  const failure = `<failure message="${escaped(error)}"/>`;
  return logs.length === 0 ? failure : `${failure}<system-out>${escaped(logs.join('\n'))}</system-out>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

// Characters that XML 1.0 does not know, not even as references, are replaced.
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? '');
}
