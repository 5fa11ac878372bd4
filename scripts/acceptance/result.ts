// What a run of the suite comes to. The forms in which it is shown are elsewhere.
import type { AcceptanceTest } from './suite.ts';

/** How one test ended. */
export interface TestResult {
  /** Its id. */
  readonly test: string;
  /** A skipped test was not run, because the run was stopped; it is not a pass. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed; absent unless it did. */
  readonly error?: string;
  /** What it asked, or what the project's own tests wrote, newest last; absent unless it failed. */
  readonly logs?: readonly string[];
}

/** The result object of the specification (S18). */
export interface SuiteResult {
  readonly total: number;
  readonly passed: number;
  /** All that are no pass. */
  readonly failed: number;
  /** Percent with one digit, rounded down, so that 100 is all of them. */
  readonly pass_rate: number;
  /** Only if every test of the mode was run and passed. */
  readonly ready_for_demo: boolean;
  readonly results: readonly TestResult[];
}

/** Sums up; `modeTotal` is how many tests the mode has, of which fewer may have been chosen. */
export function resultOf(results: readonly TestResult[], modeTotal: number): SuiteResult {
  const total = results.length;
  const passed = results.filter(({ status }) => status === 'passed').length;
  const passRate = total === 0 ? 0 : Math.floor((passed / total) * 1_000) / 10;
  const isWhole = total === modeTotal && total > 0;
  return {
    ...{ total, passed, failed: total - passed, pass_rate: passRate },
    ready_for_demo: isWhole && passed === total,
    results,
  };
}

/** The tests that are no pass, the critical ones first, each part in the order of the run. */
export function failuresFirst(
  { results }: SuiteResult,
  tests: readonly AcceptanceTest[],
): readonly { readonly result: TestResult; readonly test: AcceptanceTest }[] {
  const byId = new Map(tests.map((test) => [test.id, test]));
  const failed = results.flatMap((result) => {
    const test = byId.get(result.test);
    return result.status === 'passed' || !test ? [] : [{ result, test }];
  });
  return failed.toSorted((a, b) => Number(b.test.isCritical) - Number(a.test.isCritical));
}
