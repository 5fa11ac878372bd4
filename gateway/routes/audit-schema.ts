// The schema of an entry of the audit log, and an example.
import { count, namedObject, oneOf, text, textOrNull, time } from '../core/answer-schema.ts';
import { auditStatuses, auditWordsOf } from '../core/audit-filter.ts';

const hash = { ...textOrNull, pattern: '^[0-9a-f]{64}$' };

/** An entry. */
export const auditEntrySchema = namedObject(['AuditEntry', 'What somebody did. Entries are never changed'], {
  id: { type: 'string', format: 'uuid' },
  operation_type: oneOf(auditWordsOf('operationTypes')),
  entity_type: oneOf(auditWordsOf('entityTypes')),
  entity_id: text,
  status: oneOf(auditStatuses),
  message: { ...text, description: 'What happened, as a sentence' },
  details: { type: 'object', additionalProperties: true },
  before_hash: {
    ...hash,
    description: 'SHA-256 of what it was before; null where nothing was, or was hashed',
  },
  after_hash: { ...hash, description: 'The same of what it is now' },
  user_id: { ...text, description: 'Who did it' },
  trace_id: { ...textOrNull, description: 'Trace of the request; null when it was not traced' },
  duration_ms: { ...count, type: ['integer', 'null'], description: 'Null where it was not measured' },
  timestamp: time,
});

/** An entry. */
export const auditEntryExample = {
  ...{
    id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
    operation_type: 'execution_cancel',
    entity_type: 'execution',
  },
  entity_id: 'job_019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  ...{ status: 'success', message: 'Cancelled a run', details: {} },
  ...{ before_hash: null, after_hash: null },
  user_id: '5b8f3c52-7d1e-5b43-9c0e-2f6a1d9e4b07',
  ...{ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', duration_ms: null },
  timestamp: '2026-03-01T10:00:00.000Z',
};
