// What the stores say of one report, read past the service: the document, its patches and its row, and whether they agree.
import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportKey } from '../../services/reports/core/report.ts';
import { itemKey } from '../../services/reports/store/keys.ts';
import { patchOf, reportPartition } from '../../services/reports/store/patch-item.ts';
import { reportOf } from '../../services/reports/store/report-item.ts';
import type { ReportIndex } from '../../services/reports/store/store.ts';
import { type ReportsTableNames, reportCreatedIndex } from '../../services/reports/store/tables.ts';

const patchesMax = 100;

/** Where it is stored. */
export interface StoredReports {
  readonly client: DynamoDBDocumentClient;
  readonly tables: ReportsTableNames;
  readonly index: ReportIndex;
  readonly tenantId: string;
}

/** What is stored of a report, without times and ids, so that two reports that went the same way are equal. */
export interface StoredState {
  readonly document: 'none' | 'deleted' | 'there';
  readonly version: number;
  readonly status: string;
  /** What the document says was done, oldest first. */
  readonly history: readonly unknown[];
  /** Patches in the order in which they were made. */
  readonly patches: readonly string[];
  /** Version of the row; 0 for none. */
  readonly indexed: number;
}

/** The state, and why document, patches and row do not agree yet; undefined when they do. */
export async function readStored(
  stored: StoredReports,
  incidentId: string,
): Promise<{ readonly state: StoredState; readonly disagreement: string | undefined }> {
  const key = { tenantId: stored.tenantId, incidentId };
  const item = await itemOf(stored, key);
  const indexed = await indexedVersion(stored, incidentId);
  const patches = await patchesOf(stored, key);
  const isDeleted = item?.deleted_at !== undefined;
  const report = item && !isDeleted ? reportOf(item) : undefined;
  const history = (report?.managementData?.history ?? []) as readonly {
    action?: unknown;
    status?: unknown;
  }[];
  const state: StoredState = {
    document: isDeleted ? 'deleted' : report ? 'there' : 'none',
    version: Number(item?.version ?? 0),
    status: report?.status ?? '',
    history: history.map(({ action, status }) => `${action}: ${status}`),
    patches: patches.map(({ status, revision }) => `${status} ${revision}`),
    indexed,
  };
  const wanted = report?.version ?? 0;
  if (item?.pending_partition !== undefined) return { state, disagreement: 'the document is pending' };
  if ((report?.outbox.length ?? 0) > 0) return { state, disagreement: 'patches wait in the document' };
  if (indexed !== wanted) return { state, disagreement: `the row has version ${indexed}, not ${wanted}` };
  return { state, disagreement: undefined };
}

async function itemOf(
  { client, tables }: StoredReports,
  key: ReportKey,
): Promise<Record<string, unknown> | undefined> {
  const Key = { pk: itemKey(key) };
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.reports, Key, ConsistentRead: true }),
  );
  return Item;
}

async function indexedVersion({ index, tenantId }: StoredReports, incidentId: string): Promise<number> {
  // The ids just before this one: rows are listed after an id.
  const before =
    incidentId.slice(0, -1) + String.fromCharCode(incidentId.charCodeAt(incidentId.length - 1) - 1);
  const rows = await index.idsAfter(tenantId, `${before}~`, 1);
  return rows.find((row) => row.incidentId === incidentId)?.version ?? 0;
}

async function patchesOf({ client, tables }: StoredReports, key: ReportKey) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tables.patches,
      IndexName: reportCreatedIndex,
      KeyConditionExpression: 'report_partition = :report',
      ExpressionAttributeValues: { ':report': reportPartition(key) },
      Limit: patchesMax,
    }),
  );
  return Items.map(patchOf);
}
