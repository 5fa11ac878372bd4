// Sessions and messages as they cross the wire.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  MessageRole,
  type MessageSchema,
  type ReferenceSchema,
  type Reference as WireReference,
} from '../../../proto/gen/domainflow/sessions/v1/message_pb.js';
import type { SessionSchema } from '../../../proto/gen/domainflow/sessions/v1/session_pb.js';
import type { Message, Reference } from '../core/message.ts';
import type { Session } from '../core/session.ts';

/** A session as it is answered. */
export function sessionMessage(session: Session): MessageInitShape<typeof SessionSchema> {
  const { id, sessionId, userId, domainId, title, messageCount } = session;
  return {
    ...{ id, sessionId, userId, domainId, title, messageCount },
    lastActivity: timestampOf(session.lastActivity),
    createdAt: timestampOf(session.createdAt),
    updatedAt: timestampOf(session.updatedAt),
  };
}

/** A turn as it is answered. */
export function turnMessage(message: Message): MessageInitShape<typeof MessageSchema> {
  const { messageId, sessionId, content, queryId } = message;
  return {
    ...{ messageId, sessionId, content, queryId },
    role: message.role === 'user' ? MessageRole.USER : MessageRole.ASSISTANT,
    timestamp: timestampOf(message.timestamp),
    references: message.references.map(referenceMessage),
  };
}

/** A reference as it is answered. */
export function referenceMessage(reference: Reference): MessageInitShape<typeof ReferenceSchema> {
  const { location, ...plain } = reference;
  return { ...plain, ...(location && { location }) };
}

/** A reference as it was received. */
export function referenceFrom(reference: WireReference): Reference {
  const { referenceId, summary, status, deleted, location } = reference;
  return {
    ...{ referenceId, summary, status, deleted },
    location: location && { longitude: location.longitude, latitude: location.latitude },
  };
}

/** An ISO 8601 time for the wire. */
export function timestampOf(iso: string) {
  return timestampFromDate(new Date(iso));
}
