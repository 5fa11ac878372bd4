// Messages in their table. Counting them is the business of `add-message.ts`.

import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../../foundation/dynamodb/batches.ts';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { Message, MessagePosition } from '../core/message.ts';
import { type MessagePage, missingFromIndex, newestPage } from '../core/message-page.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { IndexName, KeyAttribute, messageOrder, tenantKey } from './keys.ts';
import { type MessageItem, messageItem, messageOf } from './message-item.ts';
import type { StoredSession } from './store.ts';

/** Puts a message unless its id is taken. True when it was put by this call. */
export async function insertMessage(
  { client, tables }: Documents,
  tenantId: string,
  message: Message,
): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: tables.messages,
        Item: messageItem(tenantId, message),
        // Settles the race of tries of one step: the first one stays, with the mark that it may have got meanwhile.
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** The item of a message as last written, or undefined. */
export async function readMessageItem(
  { client, tables }: Documents,
  tenantId: string,
  messageId: string,
): Promise<MessageItem | undefined> {
  const Key = keyOf(tenantKey(tenantId, messageId));
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.messages, Key, ConsistentRead: true }),
  );
  return Item as MessageItem | undefined;
}

/** Marks a message as counted; a message that is gone is left gone. */
export async function markCounted(
  { client, tables }: Documents,
  tenantId: string,
  messageId: string,
): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: tables.messages,
        Key: keyOf(tenantKey(tenantId, messageId)),
        UpdateExpression: 'SET #counted = :true',
        // Settles the race with a deletion: an update would bring back an empty message.
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#counted': 'counted' },
        ExpressionAttributeValues: { ':true': true },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/** Removes a message of a session that is gone. */
export async function removeMessage(
  { client, tables }: Documents,
  tenantId: string,
  { messageId, sessionId }: Message,
): Promise<void> {
  try {
    await client.send(
      new DeleteCommand({
        TableName: tables.messages,
        Key: keyOf(tenantKey(tenantId, messageId)),
        // Settles nothing, but keeps a message of another session that has the same id.
        ConditionExpression: 'session_id = :session',
        ExpressionAttributeValues: { ':session': sessionId },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/** The newest messages before a position; see the port. `limit` is at least 1. */
export async function readMessages(
  documents: Documents,
  { tenantId, sessionId, counted: known }: StoredSession,
  { limit, before }: { readonly limit: number; readonly before: MessagePosition | undefined },
): Promise<MessagePage> {
  const place = { tenantId, sessionId };
  const indexed = await readIndex(documents, place, { limit: limit + 1, before });
  const missing = missingFromIndex({ indexed, known, before, limit });
  const keys = missing.map(({ messageId }) => tenantKey(tenantId, messageId));
  const found = await batchGet(documents.client, { table: documents.tables.messages, keys: keys.map(keyOf) });
  return newestPage([...indexed, ...found.map((item) => messageOf(item as unknown as MessageItem))], limit);
}

async function readIndex(
  { client, tables }: Documents,
  { tenantId, sessionId }: { readonly tenantId: string; readonly sessionId: string },
  { limit, before }: { readonly limit: number; readonly before: MessagePosition | undefined },
): Promise<Message[]> {
  const { primary, session, messageOrder: order } = KeyAttribute;
  const partition = tenantKey(tenantId, sessionId);
  const items: Item[] = [];
  let start: Item | undefined = before && {
    [primary]: tenantKey(tenantId, before.messageId),
    [session]: partition,
    [order]: messageOrder(before),
  };
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: tables.messages,
        IndexName: IndexName.sessionTimestamp,
        KeyConditionExpression: '#session = :session',
        ExpressionAttributeNames: { '#session': session },
        ExpressionAttributeValues: { ':session': partition },
        ScanIndexForward: false,
        Limit: limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items.map((item) => messageOf(item as unknown as MessageItem));
}
