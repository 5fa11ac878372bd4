// What a process has opened, closed in reverse order. A step that fails or hangs does not keep the others from closing.

/** A step has this long unless it says otherwise; after that the next one begins. */
export const closeStepTimeoutMs = 10_000;
/** Steps that one process may register; more is a leak and therefore a bug. */
export const closeStepsMax = 1_000;

/** Where closing says what it does; a service's log fits. */
export interface ClosingLog {
  debug(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
}

/** A step that threw or ran over its time. */
export interface ClosingFailure {
  readonly step: string;
  readonly error: unknown;
}

/** An ordered stack of things to close. */
export interface Closing {
  /**
   * Registers how to close what was just opened. During `close` the step is still run in its turn; after it, at once, so that
   * nothing opened late stays open. `timeoutMs` absent means `closeStepTimeoutMs`.
   */
  add(step: string, close: () => Promise<unknown> | unknown, options?: { readonly timeoutMs?: number }): void;
  /** Runs every step once, the newest first, and answers the failures. Each later call answers the same promise. Never rejects. */
  close(): Promise<readonly ClosingFailure[]>;
}

interface Step {
  readonly name: string;
  readonly close: () => Promise<unknown> | unknown;
  readonly timeoutMs: number;
}

/** An empty stack. Failures are logged as they happen and answered by `close`. */
export function createClosing(log: ClosingLog): Closing {
  const steps: Step[] = [];
  const failures: ClosingFailure[] = [];
  let closed: Promise<readonly ClosingFailure[]> | undefined;
  let drained = false;

  const run = async (step: Step): Promise<void> => {
    try {
      await withinTime(step);
      log.debug({ step: step.name }, 'Closed');
    } catch (error) {
      failures.push({ step: step.name, error });
      log.error({ step: step.name, err: error }, 'A step of closing failed');
    }
  };

  const drain = async (): Promise<readonly ClosingFailure[]> => {
    for (let step = steps.pop(); step; step = steps.pop()) await run(step);
    drained = true;
    return failures;
  };

  return {
    add: (name, close, options = {}) => {
      if (steps.length >= closeStepsMax) throw new Error(`More than ${closeStepsMax} steps to close`);
      const step = { name, close, timeoutMs: options.timeoutMs ?? closeStepTimeoutMs };
      if (drained) void run(step);
      else steps.push(step);
    },
    close: () => {
      closed ??= drain();
      return closed;
    },
  };
}

async function withinTime(step: Step): Promise<void> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Closing ${step.name} took more than ${step.timeoutMs} ms`)),
    step.timeoutMs,
  );
  try {
    await Promise.race([step.close(), expired]);
  } finally {
    clearTimeout(timer);
  }
}
