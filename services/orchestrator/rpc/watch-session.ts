// WatchSession: the events of every run of the caller's own session.
import type { ServiceImpl } from '@connectrpc/connect';
import { callerOf, callWith } from '../../../foundation/rpc/caller.ts';
import type { WatchService } from '../../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { requirePerson } from '../core/person.ts';
import type { WatchDeps } from './watch-deps.ts';
import { watchMany } from './watch-many.ts';

/** Looking the session up takes no longer, in milliseconds. */
const sessionMsMax = 5_000;

/** WatchSession. Fault as the session's service has it when the session is not the caller's own. */
export function watchSession(deps: WatchDeps): ServiceImpl<typeof WatchService>['watchSession'] {
  return async function* ({ sessionId, resume }, context) {
    const { principal, token } = callerOf(context);
    requirePerson(principal);
    const { signal } = context;
    const options = callWith({ token, timeoutMs: sessionMsMax, signal });
    await deps.sessions.getSession({ sessionId, messageLimit: 0 }, options);
    yield* watchMany(deps, { sessionId, resume }, context);
  };
}
