// Sessions in their table, without the messages in them.
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { listIndex } from '../../../foundation/dynamodb/list-index.ts';
import type { Session } from '../core/session.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { isAlive, isGone } from './gone.ts';
import { IndexName, KeyAttribute, listKeys, tenantKey } from './keys.ts';
import { type SessionItem, sessionItem, sessionOf } from './session-item.ts';
import type { ListPart, ListRange } from './store.ts';

/** Stores a new session; see the port. */
export async function insertSession({ client, tables }: Documents, session: Session): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: tables.sessions,
        Item: sessionItem(session),
        // Settles the driver's retry of a write that went through, and tries of one named request: without it, a late one would
        // reset a session that has moved on, or bring back a deleted one.
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** The item of a session as last written, or undefined, also when it is deleted. */
export async function readSessionItem(
  documents: Documents,
  tenantId: string,
  sessionId: string,
): Promise<SessionItem | undefined> {
  const item = await readAny(documents, tenantId, sessionId);
  return item && !isGone(item) ? (item as unknown as SessionItem) : undefined;
}

/** What a deleted session remembers of its messages; undefined when no such deletion is remembered. */
export async function readGoneSession(
  documents: Documents,
  tenantId: string,
  sessionId: string,
): Promise<Pick<SessionItem, 'counted'> | undefined> {
  const item = await readAny(documents, tenantId, sessionId);
  return item && isGone(item) ? (item as unknown as SessionItem) : undefined;
}

async function readAny(
  { client, tables }: Documents,
  tenantId: string,
  sessionId: string,
): Promise<Item | undefined> {
  const Key = keyOf(tenantKey(tenantId, sessionId));
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.sessions, Key, ConsistentRead: true }),
  );
  return Item;
}

/** Changes the title of a session; see the port. */
export async function renameSession(
  { client, tables }: Documents,
  session: Session,
  { title, at }: { readonly title: string; readonly at: string },
): Promise<Session | undefined> {
  const { tenantId, sessionId, updatedAt } = session;
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tables.sessions,
        Key: keyOf(tenantKey(tenantId, sessionId)),
        UpdateExpression: 'SET title = :title, updated_at = :at',
        // Settles the race with a deletion, which stays, and with a message or another title: the time of change never moves back.
        ConditionExpression: `${isAlive} AND updated_at <= :at`,
        ExpressionAttributeValues: { ':title': title, ':at': updatedAt > at ? updatedAt : at },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return sessionOf(Attributes as SessionItem);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Sessions of a user; see the port. */
export async function listSessions(
  documents: Documents,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
  range: ListRange,
): Promise<ListPart<Session>> {
  const source = {
    ...listKeys(tenantId),
    table: documents.tables.sessions,
    index: IndexName.userActivity,
    partition: KeyAttribute.user,
    partitions: [tenantKey(tenantId, userId)],
    sort: KeyAttribute.lastActivity,
    equal: {},
  };
  const part = await listIndex(documents.client, source, range);
  return { ...part, items: part.items.map((item) => sessionOf(item as unknown as SessionItem)) };
}
