// CreateSession: starts a session for the caller.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { checkDomainId, checkTitle } from '../core/input-rules.ts';
import { requirePerson } from '../core/run-rights.ts';
import { startSession } from '../core/session.ts';
import type { SessionsStore } from '../store/store.ts';
import { sessionMessage } from './session-wire.ts';

/** CreateSession. */
export function createSession(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof SessionService>['createSession'] {
  return async ({ domainId, title }, context) => {
    const { tenantId, userId, run } = principalOf(context);
    requirePerson(run);
    const violations = [...checkDomainId(domainId), ...checkTitle(title)];
    if (violations.length > 0) throw invalidArgument(violations);
    const at = new Date(clock()).toISOString();
    const session = startSession({ id: newId(), tenantId, userId, domainId, title, at });
    await store.insertSession(session);
    return { session: sessionMessage(session) };
  };
}
