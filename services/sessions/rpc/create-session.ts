// CreateSession: starts a session for the caller.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { checkDomainId, checkTitle } from '../core/input-rules.ts';
import { requirePerson } from '../core/run-rights.ts';
import { type SessionStart, startSession } from '../core/session.ts';
import { checkRequestId, type SessionRequest, sessionRequest } from '../core/session-request.ts';
import type { SessionsStore } from '../store/store.ts';
import { sessionMessage } from './session-wire.ts';

/** CreateSession. A repeated request is answered as it was the first time, whatever became of the session since. */
export function createSession(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof SessionService>['createSession'] {
  return async ({ domainId, title, requestId }, context) => {
    const { tenantId, userId, run } = principalOf(context);
    requirePerson(run);
    const violations = [...checkDomainId(domainId), ...checkTitle(title), ...checkRequestId(requestId)];
    if (violations.length > 0) throw invalidArgument(violations);
    const at = new Date(clock()).toISOString();
    const start: SessionStart = { id: newId(), tenantId, userId, domainId, title, at };
    const kept = requestId === '' ? start : await keptRequest(store, sessionRequest(requestId, start));
    const session = startSession({ ...start, id: kept.id, at: kept.at });
    // Also for a request that is kept: the try that kept it may have been cut off before it came to the session.
    const stored = await store.insertSession(session);
    return { session: sessionMessage(session), replayed: !stored && kept.id !== start.id };
  };
}

/** The request that holds the name. Throws `request_reused` when it asked for something else. */
async function keptRequest(store: SessionsStore, request: SessionRequest): Promise<SessionRequest> {
  const kept = await store.keepSessionRequest(request);
  if (kept.bodyHash !== request.bodyHash)
    throw new Fault('request_reused', 'The request id was used for another request: choose a new one');
  return kept;
}
