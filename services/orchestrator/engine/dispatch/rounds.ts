// Rounds of work that are also begun when somebody asks: one at a time, and whoever asks during a round gets another one after it.
import type { Log } from '../../../../foundation/telemetry/log.ts';

/** What is done in rounds. */
export interface RoundsOptions {
  /** For the log. */
  readonly name: string;
  readonly work: () => Promise<void>;
  /** Longest pause between two rounds, in milliseconds. */
  readonly everyMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Rounds that have begun. */
export interface Rounds {
  /** Begins a round now, or after the one under way. */
  readonly wake: () => void;
  /** Resolves when the round under way has ended. */
  readonly stop: () => Promise<void>;
}

/** Begins at once. A failed round is logged, and the next one comes after the whole pause whoever asks. */
export function beginRounds({ name, work, everyMs, log }: RoundsOptions): Rounds {
  let stopped = false;
  let asked = false;
  let end: (() => void) | undefined;

  const pause = (canBeWoken: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      const early = (): void => {
        clearTimeout(timer);
        resolve();
      };
      end = () => {
        if (stopped || canBeWoken) early();
      };
      if (stopped || (canBeWoken && asked)) early();
    });

  async function rounds(): Promise<void> {
    while (!stopped) {
      asked = false;
      const succeeded = await work().then(
        () => true,
        (error: unknown) => {
          log.warn({ err: error, name }, 'A round of repeated work failed');
          return false;
        },
      );
      await pause(succeeded);
    }
  }

  const running = rounds();
  return {
    wake: () => {
      asked = true;
      end?.();
    },
    stop: () => {
      stopped = true;
      end?.();
      return running;
    },
  };
}
