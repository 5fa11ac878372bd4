// Time as a parameter: everything that needs the time is given a clock, so that tests choose it.

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

/** The machine's own clock. */
export const systemClock: Clock = () => Date.now();

/** Milliseconds since some moment of this process, never going back: for spans of time. */
export const monotonicMs: Clock = () => performance.now();
