// What a run of the suite comes to, and the forms in which that is shown.
import { describe, expect, it } from '@jest/globals';
import { junitOf } from './junit.ts';
import { createReport } from './report.ts';
import { resultOf, type TestResult } from './result.ts';
import { type Category, httpTest } from './suite.ts';

const nothing = async (): Promise<void> => undefined;
const first = httpTest(['one-1', 'first'], nothing);
const second = httpTest(['one-2', 'second', 'critical'], nothing);
const tests = [first, second, httpTest(['one-3', 'third'], nothing)];
const category: Category = { name: 'one', proves: '1.1', isDeployed: true, tests };
const passed = (test: string): TestResult => ({ test, status: 'passed' });
const odd = 'a <tag> & "quotes"\u0000\u001b[2J\nsecond line';
const failed = (test: string): TestResult => ({
  test,
  status: 'failed',
  error: odd,
  logs: ['GET /x 500', odd],
});
const skipped = (test: string): TestResult => ({ test, status: 'skipped' });

describe('the result', () => {
  it('is ready when every test of the mode passed', () => {
    const result = resultOf(['one-1', 'one-2', 'one-3'].map(passed), 3);
    expect(result).toMatchObject({ total: 3, passed: 3, failed: 0, pass_rate: 100, ready_for_demo: true });
  });

  it.each([
    ['one failed', [passed('one-1'), passed('one-2'), failed('one-3')], 3, { failed: 1, pass_rate: 66.6 }],
    ['one was skipped', [passed('one-1'), skipped('one-2')], 2, { failed: 1, pass_rate: 50 }],
    ['some were not chosen', [passed('one-1')], 3, { failed: 0, pass_rate: 100 }],
    ['there was none', [], 0, { failed: 0, pass_rate: 0 }],
  ])('is not ready when %s', (_, results, modeTotal, figures) => {
    expect(resultOf(results, modeTotal)).toMatchObject({ ...figures, ready_for_demo: false });
  });

  it('is never rounded up to 100', () => {
    const results = Array.from({ length: 1_000 }, (_, at) =>
      at === 0 ? failed('one-1') : passed(`one-${at}`),
    );
    expect(resultOf(results, 1_000).pass_rate).toBe(99.9);
  });
});

describe('what a person sees', () => {
  const plain = createReport({ colours: false });

  it('ends with READY FOR DEMO at 100 % alone', () => {
    const good = resultOf(['one-1', 'one-2', 'one-3'].map(passed), 3);
    expect(plain.summary(good, tests, 3)).toMatch(
      /total 3, passed 3, failed 0, pass rate 100.0 %\nREADY FOR DEMO$/,
    );
    const partly = plain.summary(resultOf([passed('one-1')], 3), tests, 3);
    expect(partly).toMatch(/NOT READY\n {2}2 tests of the mode were not chosen$/);
  });

  it('names what is no pass, critical tests first', () => {
    const result = resultOf([failed('one-1'), failed('one-2'), skipped('one-3')], 3);
    const [, head, ...lines] = plain.summary(result, tests, 3).trim().split('\n');
    expect(head).toBe('NOT READY');
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['one-2', 'one-1', 'one-3']);
    expect(lines[2]).toContain('skipped');
  });

  it('is one line for each test, with its error, and cannot move the cursor', () => {
    expect(plain.line(second, passed('one-2'), 1_234)).toBe('pass one-2      second *  1.2 s');
    const line = plain.line(first, failed('one-1'), 10);
    expect(line).not.toContain('\u001b');
    expect(line.split('\n')).toHaveLength(2);
  });

  it('has colours where they are wanted', () => {
    const line = createReport({ colours: true }).line(first, passed('one-1'), 10);
    expect(line).toContain('\u001b[32mpass');
  });
});

/** The names of elements in order; fails where tags do not match or text is not as XML wants it. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  const [declaration = '', ...parts] = xml.split(/(<[^>]*>)/).filter((part) => part.trim() !== '');
  expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  for (const part of parts) {
    const [, end, name = '', attributes = '', alone] =
      /^<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>$/.exec(part) ?? [];
    const text = name === '' ? part : attributes;
    expect(text.replaceAll(/&(?:amp|lt|gt|quot|#10);/g, '')).not.toMatch(/[&<]|[^\n\u0020-\uffff]/);
    if (name === '') continue;
    if (end) expect(open.pop()).toBe(name);
    else names.push(name);
    if (!end && !alone) open.push(name);
  }
  expect(open).toEqual([]);
  return names;
}

describe('JUnit', () => {
  it('is well formed whatever errors say, with a case for each test that was run', () => {
    const result = resultOf([passed('one-1'), failed('one-2'), skipped('one-3')], 3);
    const xml = junitOf(result, [category], new Map([['one-1', 1.5]]));
    const cases = ['testcase', 'testcase', 'failure', 'system-out', 'testcase', 'skipped'];
    expect(elementsOf(xml)).toEqual(['testsuites', 'testsuite', ...cases]);
    expect(xml).toContain('<testsuite name="one" tests="3" failures="1" errors="0" skipped="1">');
    expect(xml).toContain('name="one-1 first" time="1.500"');
    expect(xml).toContain('&lt;tag&gt; &amp; &quot;quotes&quot;\uFFFD');
  });
});
