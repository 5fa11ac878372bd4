// How often an engine gives signs of life, looks after others and tries again.

/** Times of an engine, in milliseconds. */
export interface Rhythm {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** An owner silent for this long has lost its executions. */
  readonly leaseMs: number;
  /** An owner silent for this long has lost its executions when its session with the database has ended too. */
  readonly goneMs: number;
  /** Between two looks for executions without an owner. */
  readonly lookMs: number;
  /** Before an execution is read again from its journal. */
  readonly reloadMs: number;
  /** Before it is looked whether a record whose reply was lost was committed after all. */
  readonly recordedLateMs: number;
  /** Between two tries to bring a command to who holds its execution. */
  readonly deliverMs: number;
  /** How long the caller of a start is kept waiting once its execution has to be read again. */
  readonly callerWaitMs: number;
}

/** The times in production. */
export const usualRhythm: Rhythm = {
  beatMs: 500,
  leaseMs: 3_000,
  goneMs: 1_000,
  lookMs: 500,
  reloadMs: 500,
  recordedLateMs: 5_000,
  deliverMs: 250,
  callerWaitMs: 3_000,
};
