// Messages and the references in them as items.
import type { Message, Reference } from '../core/message.ts';
import { KeyAttribute, messageOrder, tenantKey } from './keys.ts';

/** The attributes of a message. */
export interface MessageItem {
  readonly message_id: string;
  readonly session_id: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly timestamp: string;
  readonly metadata: { readonly query_id: string; readonly references: readonly ReferenceItem[] };
  /** True once the session may forget that it counted this message; see `add-message.ts`. Not in the index. */
  readonly counted?: boolean;
}

/** A reference as stored, in the form that the REST API shows. */
export interface ReferenceItem {
  readonly type: 'report';
  readonly reference_id: string;
  readonly summary: string;
  readonly status: string;
  readonly location: { readonly type: 'Point'; readonly coordinates: readonly number[] } | null;
  readonly deleted?: boolean;
}

/** The item of a new message, keys included. */
export function messageItem(tenantId: string, message: Message): MessageItem & Record<string, unknown> {
  return {
    [KeyAttribute.primary]: tenantKey(tenantId, message.messageId),
    [KeyAttribute.session]: tenantKey(tenantId, message.sessionId),
    [KeyAttribute.messageOrder]: messageOrder(message),
    message_id: message.messageId,
    session_id: message.sessionId,
    role: message.role,
    content: message.content,
    timestamp: message.timestamp,
    metadata: { query_id: message.queryId, references: message.references.map(referenceItem) },
  };
}

/** The message in an item or in an index entry. */
export function messageOf(item: MessageItem): Message {
  return {
    messageId: item.message_id,
    sessionId: item.session_id,
    role: item.role,
    content: item.content,
    timestamp: item.timestamp,
    queryId: item.metadata.query_id,
    references: item.metadata.references.map(referenceOf),
  };
}

/** A reference as stored. */
export function referenceItem(reference: Reference): ReferenceItem {
  const { referenceId, summary, status, location, deleted } = reference;
  const point = location && ([location.longitude, location.latitude] as const);
  return {
    type: 'report',
    reference_id: referenceId,
    summary,
    status,
    location: point ? { type: 'Point', coordinates: point } : null,
    ...(deleted && { deleted }),
  };
}

/** A stored reference. */
export function referenceOf(item: ReferenceItem): Reference {
  const [longitude = 0, latitude = 0] = item.location?.coordinates ?? [];
  return {
    referenceId: item.reference_id,
    summary: item.summary,
    status: item.status,
    location: item.location ? { longitude, latitude } : undefined,
    deleted: item.deleted ?? false,
  };
}
