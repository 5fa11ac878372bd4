// A page of a session's messages, united from an index that may lag behind and from what the session itself knows to be in it.
import { compareMessages, type Message, type MessagePosition } from './message.ts';

/** What a page is united from. */
export interface PageSources {
  /** Messages that the index gave, the newest before `before`: one more than `limit` when there are as many. */
  readonly indexed: readonly Message[];
  /** Positions of messages that are known to be in the session. */
  readonly known: readonly MessagePosition[];
  /** The page ends before this position; undefined for the newest page. */
  readonly before: MessagePosition | undefined;
  readonly limit: number;
}

/** A page of messages. */
export interface MessagePage {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Where the page begins; undefined when nothing is earlier. */
  readonly earlier: MessagePosition | undefined;
}

/** The known messages that belong on the page and that the index does not show yet. */
export function missingFromIndex({ indexed, known, before, limit }: PageSources): MessagePosition[] {
  const shown = new Set(indexed.map(({ messageId }) => messageId));
  const oldest = indexed.length > limit ? indexed.toSorted(compareMessages)[0] : undefined;
  return known.filter(
    (position) =>
      !shown.has(position.messageId) &&
      (!before || compareMessages(position, before) < 0) &&
      (!oldest || compareMessages(position, oldest) > 0),
  );
}

/** The newest `limit` of the messages. */
export function newestPage(messages: readonly Message[], limit: number): MessagePage {
  const page = messages.toSorted(compareMessages).slice(-limit);
  const [first] = page;
  const hasEarlier = messages.length > page.length && first !== undefined;
  return {
    messages: page,
    earlier: hasEarlier ? { timestamp: first.timestamp, messageId: first.messageId } : undefined,
  };
}
