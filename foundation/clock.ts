// Time as a parameter: everything that needs the time is given a clock, so that tests choose it.

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

/** The machine's own clock. */
export const systemClock: Clock = () => Date.now();
