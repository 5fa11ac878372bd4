// Marks deleted reports in the answers and messages that rest on them.
//
// A run writes citations, then its answer and message, then reads which of its reports are deleted and marks those. A deletion writes that
// the report is deleted, then marks what its citations lead to. Whichever comes second sees what the other wrote, so none is missed.

import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../../foundation/dynamodb/batches.ts';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { QueryJob } from '../core/query-job.ts';
import { type Markable, unmarkedPlaces } from '../core/reference-rules.ts';
import { citable, citationsOf, removeCitationKeys } from './citation-documents.ts';
import { type Documents, keyOf } from './documents.ts';
import { deletedIncidentKey, KeyAttribute, tenantKey } from './keys.ts';

/** Citations that one call follows at most. */
export const followedMax = 100;

/** Citations that are followed at a time. */
const atATime = 10;

interface Incident {
  readonly tenantId: string;
  readonly incidentId: string;
}

/** Marks a report as deleted, in what rests on it and in what will; see the port. */
export async function markReferenceDeleted(
  documents: Documents,
  incident: Incident,
  at: string,
): Promise<boolean> {
  await noteDeleted(documents, incident, at);
  const citations = await citationsOf(documents, incident, followedMax);
  for (let from = 0; from < citations.length; from += atATime) {
    const group = citations.slice(from, from + atATime);
    const mark = { tenantId: incident.tenantId, incidentIds: [incident.incidentId] };
    await Promise.all(group.map((citation) => markCited(documents, { ...mark, ...citation })));
  }
  // Only now: whoever goes on after a cut finds again what was not marked.
  await removeCitationKeys(
    documents,
    citations.map(({ key }) => key),
  );
  return citations.length === 0;
}

/** Marks, in the answer of an ended job and in its message, the reports that were deleted meanwhile; see the port. */
export async function markDeletedReferences(documents: Documents, job: QueryJob): Promise<void> {
  const { tenantId, queryId, outcome } = job;
  const cited = citable((outcome?.result.referencesUsed ?? []).map(({ referenceId }) => referenceId));
  if (!outcome || cited.length === 0) return;
  const keyOfIncident = new Map(cited.map((id) => [deletedIncidentKey(tenantId, id), id]));
  const notes = await batchGet(documents.client, {
    table: documents.tables.queryJobs,
    keys: [...keyOfIncident.keys()].map(keyOf),
  });
  const incidentIds = notes.map((note) => keyOfIncident.get(String(note[KeyAttribute.primary])) ?? '');
  if (incidentIds.length === 0) return;
  await markCited(documents, { tenantId, queryId, messageId: outcome.message.messageId, incidentIds });
}

async function noteDeleted({ client, tables }: Documents, incident: Incident, at: string): Promise<void> {
  const key = keyOf(deletedIncidentKey(incident.tenantId, incident.incidentId));
  // Unconditional, and kept for good: an answer may rest on what was read long ago, and ids are never used again.
  await client.send(new PutCommand({ TableName: tables.queryJobs, Item: { ...key, noted_at: at } }));
}

interface Cited {
  readonly tenantId: string;
  readonly queryId: string;
  readonly messageId: string;
  readonly incidentIds: readonly string[];
}

async function markCited(documents: Documents, cited: Cited): Promise<void> {
  const { tenantId, queryId, messageId, incidentIds } = cited;
  const { queryJobs, messages } = documents.tables;
  await Promise.all([
    markIn(
      documents,
      { table: queryJobs, key: tenantKey(tenantId, queryId), path: ['references_used'] },
      incidentIds,
    ),
    markIn(
      documents,
      { table: messages, key: tenantKey(tenantId, messageId), path: ['metadata', 'references'] },
      incidentIds,
    ),
  ]);
}

/** A list of references in an item. */
interface ReferenceList {
  readonly table: string;
  readonly key: string;
  readonly path: readonly string[];
}

async function markIn(
  documents: Documents,
  list: ReferenceList,
  incidentIds: readonly string[],
): Promise<void> {
  const references = await readReferences(documents, list);
  for (const place of unmarkedPlaces(references, incidentIds)) {
    const id = references[place]?.reference_id ?? '';
    await markPlace(documents, list, { place, id });
  }
}

/** The references in a list as last written; empty when there is none. */
async function readReferences(
  { client }: Documents,
  { table, key, path }: ReferenceList,
): Promise<readonly Markable[]> {
  const { Item } = await client.send(
    new GetCommand({
      TableName: table,
      Key: keyOf(key),
      ConsistentRead: true,
      ProjectionExpression: path.map((_, at) => `#p${at}`).join('.'),
      ExpressionAttributeNames: namesOf(path),
    }),
  );
  const found = path.reduce<unknown>(
    (part, name) => (part as Record<string, unknown> | undefined)?.[name],
    Item,
  );
  return (found as readonly Markable[] | undefined) ?? [];
}

async function markPlace(
  { client }: Documents,
  { table, key, path }: ReferenceList,
  { place, id }: { readonly place: number; readonly id: string },
): Promise<void> {
  const reference = `${path.map((_, at) => `#p${at}`).join('.')}[${place}]`;
  try {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(key),
        UpdateExpression: `SET ${reference}.#deleted = :true`,
        // Settles the race with a deletion, and with a further run whose answer took the place of this one and marks its own.
        ConditionExpression: `${reference}.#id = :id`,
        ExpressionAttributeNames: { ...namesOf(path), '#deleted': 'deleted', '#id': 'reference_id' },
        ExpressionAttributeValues: { ':true': true, ':id': id },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

function namesOf(path: readonly string[]): Record<string, string> {
  return Object.fromEntries(path.map((name, at) => [`#p${at}`, name]));
}
