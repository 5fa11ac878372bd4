// The time of spans: as fine as the process's own clock, and following that of the machine, which is set right while a process runs for weeks.
// Spans of several processes stand in one trace, so the machine's time is what they have in common.

/** The clocks that it reads, in milliseconds. */
export interface SpanClockSources {
  /** Since the Unix epoch, in whole ones. */
  readonly wall: () => number;
  /** Since any moment, with a fraction; it never steps. */
  readonly monotonic: () => number;
}

const comparedEveryMs = 1_000;
// The machine's clock tells whole milliseconds: read twice, its distance differs by one at most.
const apartMaxMs = 2;

/** A clock that tells milliseconds since the Unix epoch, with a fraction. It steps when the clock of the machine was set, within a second. */
export function createSpanClock({ wall, monotonic }: SpanClockSources): () => number {
  let offset = wall() - monotonic();
  let comparedMs = monotonic();
  return () => {
    const nowMs = monotonic();
    if (nowMs - comparedMs < comparedEveryMs) return nowMs + offset;
    comparedMs = nowMs;
    // A process that was stopped between the two readings compares too much: what is read anew stands closer together.
    if (Math.abs(nowMs + offset - wall()) > apartMaxMs) offset = wall() - monotonic();
    return nowMs + offset;
  };
}

/** The clock of this process. */
export const spanNowMs = createSpanClock({ wall: () => Date.now(), monotonic: () => performance.now() });
