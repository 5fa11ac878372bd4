// A message: one turn in a session, and the order in which messages are read.

/** A turn. It never changes, except that a reference in it may be marked as deleted. */
export interface Message {
  /** `msg_` and 32 hex digits, chosen by the submission. */
  readonly messageId: string;
  readonly sessionId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The query job it belongs to. */
  readonly queryId: string;
  /** In order of first use; empty for a user's message. */
  readonly references: readonly Reference[];
}

/** A report that an answer rests on, as it was then. */
export interface Reference {
  /** `inc_` id. */
  readonly referenceId: string;
  readonly summary: string;
  readonly status: string;
  /** Degrees; undefined when the place is unknown. */
  readonly location: { readonly longitude: number; readonly latitude: number } | undefined;
  /** True once the report is deleted. */
  readonly deleted: boolean;
}

/** Where a message stands in its session: by time, then by id. */
export interface MessagePosition {
  readonly timestamp: string;
  readonly messageId: string;
}

/** True for a text that has the form of a message's public id. */
export function isMessageId(text: string): boolean {
  return /^msg_[0-9a-f]{32}$/.test(text);
}

/** Negative when `a` stands before `b`, 0 when they are the same. */
export function compareMessages(a: MessagePosition, b: MessagePosition): number {
  return compareTexts(a.timestamp, b.timestamp) || compareTexts(a.messageId, b.messageId);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
