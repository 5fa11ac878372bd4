// Puts a message and counts it in its session exactly once, for ever: no step is limited to a time within which it must be repeated.
//
// A session remembers which messages it counted (`counted`). That memory is kept small: the older half of it is let go, after those
// messages were marked themselves, and letting go raises `counted_generation`. Whoever counts reads in this order: session, message,
// then counts only in the same generation. A message that was counted before is therefore always seen: it is still in `counted`; or
// it was let go before the session was read, and then its mark is seen; or after, and then the generation differs.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { countedToRelease } from '../core/counted-messages.ts';
import type { Message, MessagePosition } from '../core/message.ts';
import { type Documents, keyOf } from './documents.ts';
import { isAlive } from './gone.ts';
import { tenantKey } from './keys.ts';
import { insertMessage, markCounted, readMessageItem, removeMessage } from './message-documents.ts';
import { readSessionItem } from './session-documents.ts';
import { countedOf, type SessionItem } from './session-item.ts';

/**
 * A count is refused because it happened, because a later change came first (once for each of two times), or because messages were let
 * go meanwhile, which happens once in 32 messages: with 20 writers at once, about every second try. So many refusals in a row mean that
 * something else is wrong.
 */
const attemptsMax = 24;

/** Puts and counts a message; see the port. */
export async function addMessage(documents: Documents, tenantId: string, message: Message): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const session = await readSessionItem(documents, tenantId, message.sessionId);
    // What a deletion met halfway would belong to nothing; without this, only a purge would find it.
    if (!session) return attempt === 1 ? undefined : removeMessage(documents, tenantId, message);
    if (session.counted[message.messageId] !== undefined) return;
    if (await isMarked(documents, tenantId, message)) return;
    const counted = await countMessage(documents, { tenantId, session, message });
    if (!counted) continue;
    await releaseCounted(documents, { tenantId, session: counted });
    return;
  }
  throw new Fault('unavailable', 'The session is too busy', { retryAfterMs: 1_000 });
}

/** Puts the message if it is absent; else tells whether it carries the mark. */
async function isMarked(documents: Documents, tenantId: string, message: Message): Promise<boolean> {
  if (await insertMessage(documents, tenantId, message)) return false;
  const stored = await readMessageItem(documents, tenantId, message.messageId);
  if (stored && stored.session_id !== message.sessionId)
    throw new Fault('already_exists', 'The message id is taken');
  return stored?.counted ?? false;
}

interface Counting {
  readonly tenantId: string;
  /** As read before the message was found unmarked. */
  readonly session: SessionItem;
  readonly message: Message;
}

/** Counts a message in its session; undefined when the session is not as it was read. */
async function countMessage(
  { client, tables }: Documents,
  { tenantId, session, message }: Counting,
): Promise<SessionItem | undefined> {
  const later = (['last_activity', 'updated_at'] as const).filter(
    (time) => session[time] < message.timestamp,
  );
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tables.sessions,
        Key: keyOf(tenantKey(tenantId, session.session_id)),
        UpdateExpression: `SET ${['counted.#id', ...later].map((path) => `${path} = :at`).join(', ')} ADD message_count :one`,
        // Settles four races: tries of one step (the first counts), a try that slept while its message was counted and let go
        // (the generation differs), messages and titles that arrive out of order (the later time stays), and a deletion.
        ConditionExpression: [
          isAlive,
          'attribute_not_exists(counted.#id)',
          'counted_generation = :generation',
          ...later.map((time) => `${time} < :at`),
        ].join(' AND '),
        ExpressionAttributeNames: { '#id': message.messageId },
        ExpressionAttributeValues: {
          ':at': message.timestamp,
          ':generation': session.counted_generation,
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as SessionItem | undefined;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Lets the older half of the counted messages go once there are many: marks them first, then forgets them all at once. */
async function releaseCounted(
  documents: Documents,
  { tenantId, session }: { readonly tenantId: string; readonly session: SessionItem },
): Promise<void> {
  const released = countedToRelease(countedOf(session));
  if (released.length === 0) return;
  await Promise.all(released.map(({ messageId }) => markCounted(documents, tenantId, messageId)));
  await forgetCounted(documents, tenantKey(tenantId, session.session_id), released);
}

async function forgetCounted(
  { client, tables }: Documents,
  key: string,
  released: readonly MessagePosition[],
): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: tables.sessions,
        Key: keyOf(key),
        UpdateExpression: `REMOVE ${released.map((_, at) => `counted.#id${at}`).join(', ')} ADD counted_generation :one`,
        // Settles the race with a deletion, which needs what the session remembers. Two that let go the same messages do no harm: all
        // of these carry their mark.
        ConditionExpression: isAlive,
        ExpressionAttributeNames: Object.fromEntries(
          released.map(({ messageId }, at) => [`#id${at}`, messageId]),
        ),
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}
