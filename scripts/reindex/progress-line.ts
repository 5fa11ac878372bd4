// Lines that tell how far a long run has come: one every few seconds at most.
import type { Clock } from '../../foundation/clock.ts';

const intervalMs = 2_000;

/** What a line is made of. */
export interface ProgressLineOptions {
  /** Begins each line. */
  readonly name: string;
  /** A clock that does not go back. */
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** Tells of counts. */
export interface ProgressLine {
  /** Writes a line when the last one is old enough: `<name>: <counts>, <rate>/s`. `done` is what the rate is of. */
  tell(done: number, counts: Readonly<Record<string, number>>): void;
  /** Seconds since the start, and how much of `done` there was in each. `begun` is what an earlier run had done. */
  rate(done: number): { readonly seconds: number; readonly perSecond: number };
}

/** Begins to measure now. */
export function startProgressLine({ name, clock, write }: ProgressLineOptions): ProgressLine {
  const startMs = clock();
  let toldMs = startMs;
  let begun: number | undefined;
  const rate = (done: number) => {
    const seconds = (clock() - startMs) / 1_000;
    const perSecond = seconds === 0 ? 0 : Math.round((done - (begun ?? 0)) / seconds);
    return { seconds: Math.round(seconds * 10) / 10, perSecond };
  };
  return {
    tell(done, counts) {
      begun ??= done;
      if (clock() - toldMs < intervalMs) return;
      toldMs = clock();
      const parts = Object.entries(counts).map(([key, count]) => `${count} ${key}`);
      write(`${name}: ${parts.join(', ')}, ${rate(done).perSecond}/s\n`);
    },
    rate,
  };
}
