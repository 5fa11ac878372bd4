// Work that is done again and again, with a pause in between, until it is stopped. A failed round is logged and does not end it.
import type { Log } from '../telemetry/log.ts';

/** What is repeated. */
export interface Repeated {
  /** For the log. */
  readonly name: string;
  readonly work: () => Promise<void>;
  /** Pause between the end of one round and the start of the next, in milliseconds. */
  readonly intervalMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Begins at once. The result stops it and resolves when the round under way has ended. */
export function repeat({ name, work, intervalMs, log }: Repeated): () => Promise<void> {
  let stopped = false;
  let wake: (() => void) | undefined;
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const rounds = async (): Promise<void> => {
    while (!stopped) {
      await work().catch((error: unknown) =>
        log.warn({ err: error, name }, 'A round of repeated work failed'),
      );
      if (!stopped) await pause();
    }
  };
  const running = rounds();
  return () => {
    stopped = true;
    wake?.();
    return running;
  };
}
