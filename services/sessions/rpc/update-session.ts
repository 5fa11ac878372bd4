// UpdateSession: gives a session of the caller another title.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { checkNewTitle } from '../core/input-rules.ts';
import { requirePerson } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownSession } from './own-session.ts';
import { sessionMessage } from './session-wire.ts';

/** A change is refused when the session changed since it was read. So many refusals in a row mean that something else is wrong. */
const attemptsMax = 16;

/** UpdateSession. The title that a session has already changes nothing. */
export function updateSession(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof SessionService>['updateSession'] {
  return async ({ sessionId, title }, context) => {
    const principal = principalOf(context);
    requirePerson(principal.run);
    const violations = checkNewTitle(title);
    if (violations.length > 0) throw invalidArgument(violations);
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const session = await ownSession(store, principal, sessionId);
      if (session.title === title) return { session: sessionMessage(session) };
      const at = new Date(clock()).toISOString();
      const renamed = await store.renameSession(session, { title, at });
      if (renamed) return { session: sessionMessage(renamed) };
    }
    throw new Fault('unavailable', 'The session is too busy', { retryAfterMs: 1_000 });
  };
}
