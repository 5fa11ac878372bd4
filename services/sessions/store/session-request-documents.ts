// Named requests to make a session, in the table of the sessions and in none of its indexes.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { forgottenAt, requestKeptMs, type SessionRequest } from '../core/session-request.ts';
import { type Documents, keyOf } from './documents.ts';
import { expiryAttribute, sessionRequestKey } from './keys.ts';

interface SessionRequestItem {
  readonly body_hash: string;
  readonly session_uuid: string;
  readonly made_at: string;
}

/** Keeps a request unless its name is in use; see the port. */
export async function keepSessionRequest(
  { client, tables }: Documents,
  request: SessionRequest,
): Promise<SessionRequest> {
  const { tenantId, nameHash, bodyHash, id, at } = request;
  const key = keyOf(sessionRequestKey(tenantId, nameHash));
  const item: SessionRequestItem = { body_hash: bodyHash, session_uuid: id, made_at: at };
  const expires = Math.ceil((Date.parse(at) + requestKeptMs) / 1_000);
  try {
    await client.send(
      new PutCommand({
        TableName: tables.sessions,
        Item: { ...key, ...item, [expiryAttribute]: expires },
        // Settles the race of calls with one name: the first is kept. What is past its time is replaced, also before it vanishes.
        ConditionExpression: 'attribute_not_exists(pk) OR made_at <= :forgotten',
        ExpressionAttributeValues: { ':forgotten': forgottenAt(at) },
      }),
    );
    return request;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.sessions, Key: key, ConsistentRead: true }),
  );
  // It vanished between the two: whoever repeats the call finds the name free.
  if (!Item) throw new Fault('unavailable', 'The request must be repeated', { retryAfterMs: 1_000 });
  const kept = Item as SessionRequestItem;
  return { tenantId, nameHash, bodyHash: kept.body_hash, id: kept.session_uuid, at: kept.made_at };
}
