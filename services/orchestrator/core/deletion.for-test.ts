// Deletions for tests: everything that a test does not name is new or usual.
import { randomUUID } from 'node:crypto';
import { newId } from '../../../foundation/ids/ids.ts';
import type { ClaimedDeletion, Deletion } from './deletion.ts';
import { incidentIdOf } from './public-id.ts';

/** A report's deletion, of a new tenant. */
export function newDeletion(changes: Partial<Deletion> = {}): Deletion {
  const tenantId = changes.tenantId ?? randomUUID();
  return {
    tenantId,
    subjectId: incidentIdOf(newId()),
    kind: 'report',
    principal: { tenantId, userId: randomUUID(), username: 'somebody', roles: ['editor'] },
    ...changes,
  };
}

/** A deletion in somebody's hands. */
export function claimedDeletion(changes: Partial<ClaimedDeletion> = {}): ClaimedDeletion {
  return { ...newDeletion(changes), claim: randomUUID(), passes: 0, attempts: 0, ...changes };
}
