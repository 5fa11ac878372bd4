// The documents in DynamoDB, put together from what reads and writes single ones, what lists them, and what says which are pending.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, systemClock } from '../../../foundation/clock.ts';
import { createPendingMarkers } from './pending-documents.ts';
import { createReportDocuments } from './report-documents.ts';
import { createReportLists } from './report-lists.ts';
import type { PendingReports, ReportStore } from './store.ts';

/** What the documents are kept in. */
export interface DynamodbStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Name of the Reports table. */
  readonly table: string;
  /** Write shards of a tenant, 1 to 64 [1]. */
  readonly shards?: number;
  /** Says since when a document is pending [the machine's]. */
  readonly clock?: Clock;
}

/** The documents, and the view of them that the sweeper has. */
export function createDynamodbStore({
  client,
  table,
  shards = 1,
  clock = systemClock,
}: DynamodbStoreOptions): ReportStore & { readonly pending: PendingReports } {
  const place = { client, table, shards, clock };
  const documents = createReportDocuments(place);
  const { find, findTombstone } = documents;
  return {
    ...documents,
    ...createReportLists(place),
    pending: { ...createPendingMarkers(place), find, findTombstone },
  };
}
