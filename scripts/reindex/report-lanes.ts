// Reads all reports, or those of a tenant, in lanes that are read side by side: segments of a scan for all, partitions of an index for a
// tenant. Scanning is for this command alone: no request path does it. It writes nothing.
import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { tenantShards } from '../../foundation/dynamodb/write-shards.ts';
import type { Report, ReportKey } from '../../services/reports/core/report.ts';
import type { Tombstone } from '../../services/reports/core/tombstone.ts';
import { reportKeyOf } from '../../services/reports/store/keys.ts';
import { reportOf } from '../../services/reports/store/report-item.ts';
import { tenantDomainIndex } from '../../services/reports/store/tables.ts';
import { tombstoneOfItem } from '../../services/reports/store/tombstone-item.ts';

/** Reports of one page at most. DynamoDB also ends a page at 1 MB. */
export const pageReportsMax = 100;

/** Where a lane goes on: a key as DynamoDB gives it. */
export type LanePosition = Readonly<Record<string, unknown>>;

/** What one request of a lane brought. */
export interface LanePage {
  readonly reports: readonly Report[];
  /** Of deleted reports; only a scan meets them. */
  readonly tombstones: readonly Tombstone[];
  /** Absent at the lane's end. */
  readonly next?: LanePosition | undefined;
}

/** One part of all reports. */
export interface ReportLane {
  /** The same for the same part in every run. */
  readonly name: string;
  read(from: LanePosition | undefined): Promise<LanePage>;
}

/** Which reports are read. */
export interface ReportScope {
  /** UUID; absent for all tenants. */
  readonly tenantId?: string | undefined;
  /** Only with a tenant. */
  readonly domainId?: string | undefined;
}

/** What is read, and how it is cut into lanes. */
export interface LaneSource {
  readonly client: DynamoDBDocumentClient;
  /** Name of the Reports table. */
  readonly table: string;
  /** Write shards of a tenant. */
  readonly shards: number;
  /** Segments of a scan. */
  readonly segments: number;
  /** Newest versions, of up to 100 keys. */
  readonly findMany: (keys: readonly ReportKey[]) => Promise<readonly Report[]>;
}

/** The lanes that hold the reports of a scope, each report in one of them. */
export function reportLanes(source: LaneSource, scope: ReportScope): readonly ReportLane[] {
  const { tenantId, domainId } = scope;
  if (tenantId === undefined)
    return Array.from({ length: source.segments }, (_, segment) => segmentLane(source, segment));
  return tenantShards(tenantId, source.shards).map((partition) => partitionLane(source, partition, domainId));
}

function segmentLane({ client, table, segments }: LaneSource, segment: number): ReportLane {
  return {
    name: `segment ${segment} of ${segments}`,
    async read(from) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          Segment: segment,
          TotalSegments: segments,
          Limit: pageReportsMax,
          ExclusiveStartKey: from,
        }),
      );
      const tombstones = Items.flatMap((item) => tombstoneOfItem(item) ?? []);
      const reports = Items.filter((item) => !tombstoneOfItem(item)).map(reportOf);
      return { reports, tombstones, next: LastEvaluatedKey };
    },
  };
}

function partitionLane(source: LaneSource, partition: string, domainId: string | undefined): ReportLane {
  const { client, table, findMany } = source;
  return {
    name: `partition ${partition}${domainId === undefined ? '' : ` domain ${domainId}`}`,
    async read(from) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: tenantDomainIndex,
          KeyConditionExpression: `tenant_partition = :partition${
            domainId === undefined ? '' : ' and begins_with(domain_order, :domain)'
          }`,
          ExpressionAttributeValues: {
            ':partition': partition,
            ...(domainId !== undefined && { ':domain': `${domainId}#` }),
          },
          Limit: pageReportsMax,
          ExclusiveStartKey: from,
        }),
      );
      const reports = await findMany(Items.map(({ pk }) => reportKeyOf(String(pk))));
      return { reports, tombstones: [], next: LastEvaluatedKey };
    },
  };
}
