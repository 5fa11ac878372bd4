// Walks an index from its start to its end, over several partitions in one order, reading no further ahead than it is asked to go.
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportKey } from '../core/report.ts';
import { reportKeyOf } from './keys.ts';
import type { Item } from './report-item.ts';

/** Keys that one step of a walk answers, and that one request reads of a partition. */
export const walkStep = 100;

/** An index to walk, with its partitions. */
export interface IndexWalk {
  readonly table: string;
  readonly index: string;
  /** Name of the partition attribute. */
  readonly partition: string;
  /** Its values. */
  readonly partitions: readonly string[];
  /** Name of the sort attribute, a text. */
  readonly sort: string;
  /** Only entries from the first value to the last, both included; absent for all. */
  readonly between?: readonly [from: string, to: string];
}

interface Lane {
  readonly value: string;
  /** Entries that were read and not passed on yet. */
  readonly ahead: Item[];
  start: Item | undefined;
  ended: boolean;
}

/** Keys in ascending order of the sort attribute, up to 100 at a time. Each comes once. */
export async function* walkIndex(
  client: DynamoDBDocumentClient,
  walk: IndexWalk,
): AsyncGenerator<readonly ReportKey[]> {
  const lanes = walk.partitions.map((value): Lane => ({ value, ahead: [], start: undefined, ended: false }));
  let step: ReportKey[] = [];
  let last = '';
  await Promise.all(lanes.map((lane) => fill(client, walk, lane)));
  for (let lane = lowest(lanes, walk.sort); lane; lane = lowest(lanes, walk.sort)) {
    const key = String(lane.ahead.shift()?.pk);
    // A document that was written with another number of shards meanwhile lies in two partitions for a moment.
    if (key !== last) step.push(reportKeyOf(key));
    last = key;
    if (step.length === walkStep) {
      yield step;
      step = [];
    }
    if (lane.ahead.length === 0) await fill(client, walk, lane);
  }
  if (step.length > 0) yield step;
}

async function fill(client: DynamoDBDocumentClient, walk: IndexWalk, lane: Lane): Promise<void> {
  while (!lane.ended && lane.ahead.length === 0) {
    const { Items = [], LastEvaluatedKey } = await client.send(query(walk, lane));
    lane.ahead.push(...Items);
    lane.start = LastEvaluatedKey;
    lane.ended = LastEvaluatedKey === undefined;
  }
}

function query({ table, index, partition, sort, between }: IndexWalk, { value, start }: Lane): QueryCommand {
  return new QueryCommand({
    TableName: table,
    IndexName: index,
    KeyConditionExpression: `#partition = :partition${between ? ' and #sort between :from and :to' : ''}`,
    ProjectionExpression: 'pk, #sort',
    ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
    ExpressionAttributeValues: {
      ':partition': value,
      ...(between && { ':from': between[0], ':to': between[1] }),
    },
    Limit: walkStep,
    ExclusiveStartKey: start,
  });
}

function lowest(lanes: readonly Lane[], sort: string): Lane | undefined {
  const first = (lane: Lane): string => String(lane.ahead[0]?.[sort]);
  return lanes
    .filter(({ ahead }) => ahead.length > 0)
    .reduce<Lane | undefined>((low, lane) => (low && first(low) <= first(lane) ? low : lane), undefined);
}
