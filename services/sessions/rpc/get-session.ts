// GetSession: a session with its newest messages, or with those before a cursor.
import type { ServiceImpl } from '@connectrpc/connect';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { MessagePosition } from '../core/message.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownSession } from './own-session.ts';
import { sessionMessage, turnMessage } from './session-wire.ts';

const messagesMax = 1_000;

/** GetSession. */
export function getSession(
  store: SessionsStore,
  tokens: PageTokens,
): ServiceImpl<typeof SessionService>['getSession'] {
  return async ({ sessionId, messageLimit, messageCursor }, context) => {
    const principal = principalOf(context);
    const session = await ownSession(store, principal, sessionId);
    const scope = { tenantId: principal.tenantId, scope: `messages of ${sessionId}` };
    // What a cursor holds was sealed here, for this session.
    const before =
      messageCursor === '' ? undefined : (tokens.open({ ...scope, token: messageCursor }) as MessagePosition);
    const limit = Math.min(messageLimit, messagesMax);
    if (limit <= 0) return { session: sessionMessage(session) };
    const { messages, earlier } = await store.readMessages(session, { limit, before });
    return {
      session: sessionMessage(session),
      messages: messages.map(turnMessage),
      messageCursor: earlier ? tokens.seal({ ...scope, position: earlier }) : '',
    };
  };
}
