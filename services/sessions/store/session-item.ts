// A session as an item of its table.
import type { MessagePosition } from '../core/message.ts';
import type { Session } from '../core/session.ts';
import { KeyAttribute, tenantKey } from './keys.ts';
import type { StoredSession } from './store.ts';

/** The attributes of a session. Index entries lack the last three. */
export interface SessionItem {
  readonly id: string;
  readonly session_id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly domain_id: string;
  readonly title: string;
  readonly message_count: number;
  readonly last_activity: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string;
  /** Timestamps of counted messages by id; see `add-message.ts`. */
  readonly counted: Readonly<Record<string, string>>;
  /** Grows whenever messages are taken out of `counted`. */
  readonly counted_generation: number;
}

/** The item of a new session, keys included. */
export function sessionItem(session: Session): SessionItem & Record<string, unknown> {
  const { tenantId, userId, sessionId } = session;
  return {
    [KeyAttribute.primary]: tenantKey(tenantId, sessionId),
    [KeyAttribute.user]: tenantKey(tenantId, userId),
    id: session.id,
    session_id: sessionId,
    tenant_id: tenantId,
    user_id: userId,
    domain_id: session.domainId,
    title: session.title,
    message_count: session.messageCount,
    last_activity: session.lastActivity,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    created_by: userId,
    counted: {},
    counted_generation: 0,
  };
}

/** The session in an item or in an index entry. */
export function sessionOf(item: SessionItem): Session {
  return {
    id: item.id,
    sessionId: item.session_id,
    tenantId: item.tenant_id,
    userId: item.user_id,
    domainId: item.domain_id,
    title: item.title,
    messageCount: item.message_count,
    lastActivity: item.last_activity,
    createdAt: item.created_at,
    updatedAt: item.updated_at,
  };
}

/** The session in an item, with what it remembers as counted. */
export function storedSessionOf(item: SessionItem): StoredSession {
  return { ...sessionOf(item), counted: countedOf(item) };
}

/** Positions of the counted messages that a session remembers. */
export function countedOf({ counted }: SessionItem): MessagePosition[] {
  return Object.entries(counted).map(([messageId, timestamp]) => ({ messageId, timestamp }));
}
