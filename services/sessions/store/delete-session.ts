// Deletes a session at once, and its messages afterwards, so many at a time.
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { removeAll } from '../../../foundation/dynamodb/batches.ts';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { Session } from '../core/session.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { goneAttributes, isAlive } from './gone.ts';
import { IndexName, KeyAttribute, tenantKey } from './keys.ts';
import { readGoneSession } from './session-documents.ts';
import type { SessionItem } from './session-item.ts';

/** Messages that one call removes at most. */
const purgedMax = 200;

/** Everything that a deleted session no longer holds: it keeps what it remembers as counted, for `purgeSession`. */
const removed = [
  KeyAttribute.user,
  'id',
  'session_id',
  'tenant_id',
  'user_id',
  'domain_id',
  'title',
  'message_count',
  'last_activity',
  'created_at',
  'updated_at',
  'created_by',
  'counted_generation',
] as const satisfies readonly (Exclude<keyof SessionItem, 'counted'> | typeof KeyAttribute.user)[];

/** Deletes a session; see the port. */
export async function deleteSession(
  { client, tables }: Documents,
  { tenantId, sessionId }: Pick<Session, 'tenantId' | 'sessionId'>,
  at: string,
): Promise<boolean> {
  const gone = goneAttributes(at);
  const set = Object.keys(gone);
  try {
    await client.send(
      new UpdateCommand({
        TableName: tables.sessions,
        Key: keyOf(tenantKey(tenantId, sessionId)),
        UpdateExpression: `SET ${set.map((name) => `${name} = :${name}`).join(', ')} REMOVE ${removed.map((_, nr) => `#r${nr}`).join(', ')}`,
        // Settles the race of two deletions: the first stays. Every write of a session that comes later finds it deleted.
        ConditionExpression: isAlive,
        ExpressionAttributeNames: Object.fromEntries(removed.map((name, nr) => [`#r${nr}`, name])),
        ExpressionAttributeValues: Object.fromEntries(set.map((name) => [`:${name}`, gone[name]])),
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Removes messages of a deleted session; see the port. */
export async function purgeSession(
  documents: Documents,
  tenantId: string,
  sessionId: string,
): Promise<boolean> {
  const gone = await readGoneSession(documents, tenantId, sessionId);
  const counted = Object.keys(gone?.counted ?? {}).map((messageId) => tenantKey(tenantId, messageId));
  const indexed = await indexedKeys(documents, tenantKey(tenantId, sessionId));
  const found = [...new Set([...counted, ...indexed])].slice(0, purgedMax);
  await removeAll(documents.client, documents.tables.messages, found.map(keyOf));
  if (counted.length > 0) await forgetCounted(documents, tenantKey(tenantId, sessionId));
  return found.length === 0;
}

/** Keys of messages that the index shows in a session. */
async function indexedKeys({ client, tables }: Documents, session: string): Promise<string[]> {
  const keys: string[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: tables.messages,
        IndexName: IndexName.sessionTimestamp,
        KeyConditionExpression: '#session = :session',
        ExpressionAttributeNames: { '#session': KeyAttribute.session },
        ExpressionAttributeValues: { ':session': session },
        Limit: purgedMax - keys.length,
        ExclusiveStartKey: start,
      }),
    );
    keys.push(...(answer.Items ?? []).map((item) => String(item[KeyAttribute.primary])));
    start = answer.LastEvaluatedKey;
  } while (start && keys.length < purgedMax);
  return keys;
}

/** A deleted session forgets its counted messages once they are removed: until then, whoever goes on finds them. */
async function forgetCounted({ client, tables }: Documents, session: string): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: tables.sessions,
        Key: keyOf(session),
        UpdateExpression: 'SET counted = :none',
        // Settles the race with the end of its remembrance: an update would bring back an empty item.
        ConditionExpression: 'attribute_exists(deleted_at)',
        ExpressionAttributeValues: { ':none': {} },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}
