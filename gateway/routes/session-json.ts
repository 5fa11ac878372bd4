// Sessions and their messages as the API shows them.
import type { Principal } from '../../foundation/identity/principal.ts';
import { type Message, MessageRole } from '../../proto/gen/domainflow/sessions/v1/message_pb.js';
import type { Session } from '../../proto/gen/domainflow/sessions/v1/session_pb.js';
import { enumWord } from './enum-words.ts';
import { referenceJson } from './reference-json.ts';
import { timeJson } from './time-json.ts';

/** A session without its messages. */
export function sessionJson(session: Session, { userId }: Principal): object {
  return {
    session_id: session.sessionId,
    domain_id: session.domainId,
    title: session.title,
    message_count: session.messageCount,
    last_activity: timeJson(session.lastActivity),
    id: session.id,
    created_at: timeJson(session.createdAt),
    updated_at: timeJson(session.updatedAt),
    created_by_me: session.userId === userId,
  };
}

/** The fields of a session in a list. */
export function sessionRow(session: Session, { userId }: Principal): object {
  return {
    session_id: session.sessionId,
    title: session.title,
    domain_id: session.domainId,
    message_count: session.messageCount,
    last_activity: timeJson(session.lastActivity),
    created_at: timeJson(session.createdAt),
    created_by_me: session.userId === userId,
  };
}

/** One turn. */
export function messageJson(message: Message): object {
  return {
    message_id: message.messageId,
    role: enumWord(MessageRole, message.role),
    content: message.content,
    timestamp: timeJson(message.timestamp),
    metadata: { query_id: message.queryId || null, references: message.references.map(referenceJson) },
  };
}
