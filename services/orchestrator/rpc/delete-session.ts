// DeleteSession: whether a session is there and the caller's own is asked of its service with the caller's own token.
import type { Client, ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import type { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { requirePerson } from '../core/person.ts';
import type { CarryOutDeletion } from './carry-out-deletion.ts';

/** DeleteSession. */
export function deleteSession(
  sessions: Client<typeof SessionService>,
  carryOut: CarryOutDeletion,
): ServiceImpl<typeof DeletionService>['deleteSession'] {
  return async ({ sessionId }, context) => {
    requirePerson(principalOf(context));
    const { session } = await sessions.getSession({ sessionId }, onBehalfOf(context));
    if (!session) throw notFound('session');
    await carryOut({ kind: 'session', subjectId: session.sessionId }, context);
    return {};
  };
}
