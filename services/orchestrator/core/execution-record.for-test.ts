// Executions to record, for tests: everything that a test does not name is new or usual.
import { createHash, randomUUID } from 'node:crypto';
import { newId } from '../../../foundation/ids/ids.ts';
import type { ExecutionRecord, PinnedText } from './execution-record.ts';
import { recordJob } from './job-input.ts';
import { incidentIdOf } from './public-id.ts';

/** A text under the hash of its content. */
export function pinned(text: string): PinnedText {
  return { hash: createHash('sha256').update(text).digest('hex'), text };
}

/** A report's run of a new tenant, made now. */
export function newRecord(changes: Partial<ExecutionRecord> = {}): ExecutionRecord {
  const tenantId = changes.tenantId ?? randomUUID();
  const reference_time = '2026-03-01T12:00:00.000Z';
  return {
    tenantId,
    id: newId(),
    kind: 'ingest',
    domainId: 'city',
    domainVersion: 3,
    plan: pinned('{"domainId":"city"}'),
    subjectId: incidentIdOf(newId()),
    input: recordJob({ text: 'A pothole', domain_id: 'city', source: 'web', reference_time }),
    principal: { tenantId, userId: randomUUID(), username: 'somebody', roles: ['editor'] },
    createdAtMs: Date.now(),
    ...changes,
  };
}
