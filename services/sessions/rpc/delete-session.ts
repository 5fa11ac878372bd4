// DeleteSession: the first step of a deletion, after which a session is as if it had never been there.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { requireDeletion } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownSession } from './own-session.ts';
import { unlessGone } from './unless-gone.ts';

/** DeleteSession. */
export function deleteSession(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof SessionService>['deleteSession'] {
  return async ({ sessionId }, context) => {
    const principal = principalOf(context);
    requireDeletion(principal.run, sessionId);
    const session = await unlessGone(ownSession(store, principal, sessionId));
    const at = new Date(clock()).toISOString();
    return { deleted: session !== undefined && (await store.deleteSession(session, at)) };
  };
}
