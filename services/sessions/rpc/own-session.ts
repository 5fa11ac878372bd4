// Reads a session for its owner.
import type { Principal } from '../../../foundation/identity/principal.ts';
import { requireOwner } from '../core/ownership.ts';
import { isSessionId } from '../core/session.ts';
import type { SessionsStore, StoredSession } from '../store/store.ts';

/** The caller's own session. Throws `not_found`, also for a text that is no session id, and `permission_denied`. */
export async function ownSession(
  store: SessionsStore,
  { tenantId, userId }: Principal,
  sessionId: string,
): Promise<StoredSession> {
  const session = isSessionId(sessionId) ? await store.readSession(tenantId, sessionId) : undefined;
  return requireOwner(session, { noun: 'session', ownerOf: (found) => found.userId, userId });
}
