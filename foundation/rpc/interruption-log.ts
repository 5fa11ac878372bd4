// What the log is told when a stream of changes ends: nothing worth a warning when its time was up or its reader left.
import { Fault, type FaultReason } from '../fault/fault.ts';
import type { Log } from '../telemetry/log.ts';

const expectedEnds: ReadonlySet<FaultReason> = new Set(['deadline_exceeded', 'cancelled']);

/** Logs each end of a stream, for `onInterrupted` of a watched cache. */
export function logInterruptions(log: Pick<Log, 'debug' | 'warn'>): (error: unknown) => void {
  return (error) => {
    const level = error instanceof Fault && expectedEnds.has(error.reason) ? 'debug' : 'warn';
    log[level]({ err: error }, 'The news of changes is interrupted');
  };
}
