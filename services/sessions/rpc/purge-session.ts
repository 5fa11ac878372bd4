// PurgeSession: a further step of a deletion, repeated until nothing is left of the session.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { requireDeletion } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownSession } from './own-session.ts';
import { unlessGone } from './unless-gone.ts';

/** PurgeSession. */
export function purgeSession(store: SessionsStore): ServiceImpl<typeof SessionService>['purgeSession'] {
  return async ({ sessionId }, context) => {
    const principal = principalOf(context);
    requireDeletion(principal.run, sessionId);
    if (await unlessGone(ownSession(store, principal, sessionId)))
      throw new Fault('failed_precondition', 'The session is not deleted');
    return { done: await store.purgeSession(principal.tenantId, sessionId) };
  };
}
