// What a person sees of a run: a line for each test as it ends, then the summary. Colours only where they are wanted.
import { stripVTControlCharacters, styleText } from 'node:util';
import { failuresFirst, type SuiteResult, type TestResult } from './result.ts';
import type { AcceptanceTest } from './suite.ts';

/** Lines of one run. */
export interface RunReport {
  /** The line of a test that has ended. */
  line(test: AcceptanceTest, result: TestResult, durationMs: number): string;
  /** Total, passed, failed and rate, then `READY FOR DEMO`, or `NOT READY` with what is no pass, the critical tests first. */
  summary(result: SuiteResult, tests: readonly AcceptanceTest[], modeTotal: number): string;
}

type Style = Parameters<typeof styleText>[0];

/** A report; without colours it is plain text. */
export function createReport({ colours }: { readonly colours: boolean }): RunReport {
  const style = (format: Style, text: string): string =>
    colours ? styleText(format, text, { validateStream: false }) : text;
  const mark = {
    passed: style('green', 'pass'),
    failed: style('red', 'FAIL'),
    skipped: style('yellow', 'skip'),
  };
  const nameOf = ({ id, title, isCritical }: AcceptanceTest): string =>
    `${id.padEnd(10)} ${title}${isCritical ? ' *' : ''}`;
  return {
    line: (test, { status, error }, durationMs) => {
      const seconds = style('dim', `${(durationMs / 1_000).toFixed(1)} s`);
      const why = error === undefined ? '' : `\n     ${printable(error)}`;
      return `${mark[status]} ${nameOf(test)}  ${seconds}${why}`;
    },
    summary: (result, tests, modeTotal) => {
      const { total, passed, failed, pass_rate, ready_for_demo } = result;
      const figures = `total ${total}, passed ${passed}, failed ${failed}, pass rate ${pass_rate.toFixed(1)} %`;
      if (ready_for_demo) return `\n${figures}\n${style(['bold', 'green'], 'READY FOR DEMO')}`;
      const failures = failuresFirst(result, tests).map(
        ({ test, result: { status, error } }) =>
          `  ${nameOf(test)}: ${status === 'skipped' ? 'skipped' : printable(error ?? '')}`,
      );
      const left = modeTotal - total;
      const others = left > 0 ? [`  ${left} tests of the mode were not chosen`] : [];
      return [`\n${figures}`, style(['bold', 'red'], 'NOT READY'), ...failures, ...others].join('\n');
    },
  };
}

// What a deployment answers is shown on one line, and cannot move the cursor.
function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}
