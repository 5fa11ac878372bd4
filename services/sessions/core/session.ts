// A session: one chat of one user in one domain.
import { prefixedId } from '../../../foundation/ids/ids.ts';

/** A session. Times are ISO 8601 in UTC with milliseconds, so that they sort as text. */
export interface Session {
  /** UUIDv7. */
  readonly id: string;
  /** `sess_` and the hex digits of `id`. */
  readonly sessionId: string;
  readonly tenantId: string;
  /** The owner, and the only one who may read it. */
  readonly userId: string;
  readonly domainId: string;
  readonly title: string;
  readonly messageCount: number;
  /** Time of the newest message, or of the start. It never moves back. */
  readonly lastActivity: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a new session is made of. */
export interface SessionStart {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly domainId: string;
  /** Empty for `New Session`. */
  readonly title: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Title of a session that was given none. */
export const titleDefault = 'New Session';

const sessionPrefix = 'sess_';

/** True for a text that has the form of a session's public id. */
export function isSessionId(text: string): boolean {
  return /^sess_[0-9a-f]{32}$/.test(text);
}

/** A session without messages. */
export function startSession({ id, tenantId, userId, domainId, title, at }: SessionStart): Session {
  return {
    id,
    sessionId: prefixedId(sessionPrefix, id),
    tenantId,
    userId,
    domainId,
    title: title === '' ? titleDefault : title,
    messageCount: 0,
    lastActivity: at,
    createdAt: at,
    updatedAt: at,
  };
}
