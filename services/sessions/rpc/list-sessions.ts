// ListSessions: the caller's own sessions by newest activity.
import type { ServiceImpl } from '@connectrpc/connect';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { SessionsStore } from '../store/store.ts';
import { answerPage } from './list-page.ts';
import { sessionMessage } from './session-wire.ts';

/** ListSessions. */
export function listSessions(
  store: SessionsStore,
  tokens: PageTokens,
): ServiceImpl<typeof SessionService>['listSessions'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { items, page } = await answerPage({
      tokens,
      principal,
      scope: { list: 'sessions' },
      request: request.page,
      violations: [],
      read: (range) => store.listSessions(principal, range),
    });
    return { sessions: items.map(sessionMessage), page };
  };
}
