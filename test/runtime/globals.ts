// What a test file gets when it imports `@jest/globals`: the functions of the suite that runs, which change from test file to test file while the
// modules that import them stay.

/** The functions that one test file declares its tests with, as jest hands them out. */
export interface SuiteGlobals {
  readonly afterAll: unknown;
  readonly afterEach: unknown;
  readonly beforeAll: unknown;
  readonly beforeEach: unknown;
  readonly describe: unknown;
  readonly expect: unknown;
  readonly it: unknown;
  readonly test: unknown;
}

/** That of the test file that runs. */
export let afterAll: unknown;
/** That of the test file that runs. */
export let afterEach: unknown;
/** That of the test file that runs. */
export let beforeAll: unknown;
/** That of the test file that runs. */
export let beforeEach: unknown;
/** That of the test file that runs. */
export let describe: unknown;
/** That of the test file that runs. */
export let expect: unknown;
/** That of the test file that runs. */
export let it: unknown;
/** That of the test file that runs. */
export let test: unknown;

/** The one thing of jest's own object that is supported: the time limit, in milliseconds, of every test of the file that runs. */
export const jest = {
  setTimeout(milliseconds: number): void {
    Reflect.set(globalThis, timeLimit, milliseconds);
  },
};

/** Where jest looks for the limit that a test file set. */
export const timeLimit = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** Lets every module that imported them see the functions of the test file that is about to be read. */
export function setSuiteGlobals(globals: SuiteGlobals): void {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
}
