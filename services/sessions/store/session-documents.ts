// Sessions in their table, without the messages in them.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { listIndex } from '../../../foundation/dynamodb/list-index.ts';
import type { Session } from '../core/session.ts';
import { type Documents, keyOf } from './documents.ts';
import { IndexName, KeyAttribute, listKeys, tenantKey } from './keys.ts';
import { type SessionItem, sessionItem, sessionOf } from './session-item.ts';
import type { ListPart, ListRange } from './store.ts';

/** Stores a new session; see the port. */
export async function insertSession({ client, tables }: Documents, session: Session): Promise<void> {
  try {
    await client.send(
      new PutCommand({
        TableName: tables.sessions,
        Item: sessionItem(session),
        // Settles the driver's retry of a write that went through: without it, the retry would reset a session that has moved on.
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    // The id is random, so what is there is this very session.
    if (!isConditionFailed(error)) throw error;
  }
}

/** The item of a session as last written, or undefined. */
export async function readSessionItem(
  { client, tables }: Documents,
  tenantId: string,
  sessionId: string,
): Promise<SessionItem | undefined> {
  const Key = keyOf(tenantKey(tenantId, sessionId));
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.sessions, Key, ConsistentRead: true }),
  );
  return Item as SessionItem | undefined;
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
