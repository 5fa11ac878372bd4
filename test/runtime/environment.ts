// What jest calls the environment of a test file: here the process as it is. The runtime beside this file says why.

/** Frames. Jest sets 100, which makes errors that the code under test throws on purpose dear. */
const stackTraceLimit = 10;

/** The process's own realm, handed to jest as if it had been made for the test file. */
export default class ProcessEnvironment {
  readonly global = globalThis;

  async setup(): Promise<void> {
    Error.stackTraceLimit = stackTraceLimit;
  }

  async teardown(): Promise<void> {}

  /** There is no other context than the process's own. */
  getVmContext(): null {
    return null;
  }

  exportConditions(): string[] {
    return ['node', 'node-addons'];
  }
}
