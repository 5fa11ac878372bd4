// Citations: which answers and messages rest on a report. They are written before the answer, and found by the report.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { putAll, removeAll } from '../../../foundation/dynamodb/batches.ts';
import { isIncidentId } from '../core/reference-rules.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { citationKey, IndexName, KeyAttribute, type RunName, tenantKey } from './keys.ts';

/** A place where a report is cited. */
export interface Citation {
  /** Key of the citation itself. */
  readonly key: string;
  readonly queryId: string;
  readonly messageId: string;
}

/** Writes that the answer of a run, and the message with it, rest on these reports. What is no report's id can never be deleted. */
export function writeCitations(
  documents: Documents,
  run: RunName,
  { incidentIds, messageId }: { readonly incidentIds: readonly string[]; readonly messageId: string },
): Promise<void> {
  const items = citable(incidentIds).map((incidentId) => ({
    ...keyOf(citationKey(run, incidentId)),
    [KeyAttribute.incident]: tenantKey(run.tenantId, incidentId),
    query_id: run.queryId,
    message_id: messageId,
  }));
  return putAll(documents.client, documents.tables.queryJobs, items);
}

/** Removes the citations of these reports by a run. */
export function removeCitations(
  documents: Documents,
  run: RunName,
  incidentIds: readonly string[],
): Promise<void> {
  const keys = citable(incidentIds).map((incidentId) => citationKey(run, incidentId));
  return removeAll(documents.client, documents.tables.queryJobs, keys.map(keyOf));
}

/** Removes citations by their keys. */
export function removeCitationKeys(documents: Documents, keys: readonly string[]): Promise<void> {
  return removeAll(documents.client, documents.tables.queryJobs, keys.map(keyOf));
}

/** Up to `limit` citations of a report that the index shows. */
export async function citationsOf(
  { client, tables }: Documents,
  incident: { readonly tenantId: string; readonly incidentId: string },
  limit: number,
): Promise<Citation[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: tables.queryJobs,
        IndexName: IndexName.incidentCitation,
        KeyConditionExpression: '#incident = :incident',
        ExpressionAttributeNames: { '#incident': KeyAttribute.incident },
        ExpressionAttributeValues: { ':incident': tenantKey(incident.tenantId, incident.incidentId) },
        Limit: limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items.map((item) => ({
    key: String(item[KeyAttribute.primary]),
    queryId: String(item.query_id),
    messageId: String(item.message_id),
  }));
}

/** The ids among these that reports can have, each once. */
export function citable(incidentIds: readonly string[]): string[] {
  return [...new Set(incidentIds)].filter(isIncidentId);
}
