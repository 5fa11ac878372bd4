// Audit entries for tests: everything that a test does not name is usual.
import { randomUUID } from 'node:crypto';
import type { WriteRecord } from './audit.ts';

/** The entry of a run's pause. */
export function newEntry(changes: Partial<WriteRecord> = {}): WriteRecord {
  const about = { operation: 'execution_pause', entityType: 'execution', entityId: 'job_1' } as const;
  const details = { from: 'running', to: 'paused' };
  const usual = { ...about, message: 'Asked for a run to be paused', details, userId: randomUUID() };
  return { ...usual, startedMs: performance.now(), ...changes };
}
