// Reads one part of a list from an index, passes over what comes before it, and counts the rest as far as lists are counted.
import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { type Documents, type Item, keyOf } from './documents.ts';
import { idInKey, KeyAttribute, tenantKey } from './keys.ts';
import type { ListPart, ListPosition, ListRange } from './store.ts';

/** Entries that one request evaluates in each of its two passes: reading and counting. One more than a page number may reach. */
export const evaluatedMax = 10_001;

/** Matches that are counted; beyond them a total is a lower bound. */
const countedMax = 10_000;

/** One partition of an index, newest first. */
export interface IndexPartition {
  readonly tenantId: string;
  readonly table: string;
  readonly index: string;
  /** Name of the partition attribute and its value. */
  readonly partition: readonly [name: string, value: string];
  /** Name of the sort attribute. */
  readonly sort: string;
  /** Attributes that must equal these values. */
  readonly equal: Readonly<Record<string, string | undefined>>;
}

/** The part of the partition that `range` names. Where filters match little, a part may be short and still have a `next`. */
export async function listIndex(
  documents: Documents,
  source: IndexPartition,
  range: ListRange,
): Promise<ListPart<Item>> {
  const read = await readRange(documents, source, range);
  const items = read.matches.slice(range.skip, range.skip + range.limit);
  const hasMore = read.matches.length > range.skip + range.limit;
  const last = hasMore ? items.at(-1) : read.end;
  return {
    items,
    next: last && positionOf(source, last),
    total: range.counted ? await countAll(documents, source, read) : undefined,
  };
}

/** What the reading pass found: all matches from the start of the range, and where it stopped, undefined at the partition's end. */
interface Reading {
  readonly matches: readonly Item[];
  readonly end: Item | undefined;
}

async function readRange(documents: Documents, source: IndexPartition, range: ListRange): Promise<Reading> {
  // One match beyond the part tells whether another part follows.
  const wanted = range.skip + range.limit + 1;
  const matches: Item[] = [];
  let end: Item | undefined = range.after && startKey(source, range.after);
  let evaluated = 0;
  do {
    const limit = Math.min(chunkSize(source, wanted - matches.length), evaluatedMax - evaluated);
    const answer = await documents.client.send(query(source, { limit, start: end }));
    matches.push(...(answer.Items ?? []));
    evaluated += answer.ScannedCount ?? 0;
    end = answer.LastEvaluatedKey;
  } while (end && matches.length < wanted && evaluated < evaluatedMax);
  return { matches, end };
}

async function countAll(
  documents: Documents,
  source: IndexPartition,
  { matches, end: start }: Reading,
): Promise<{ count: number; atLeast: boolean }> {
  let count = matches.length;
  let end = start;
  for (let evaluated = 0; end && count <= countedMax && evaluated < evaluatedMax; ) {
    const answer: QueryCommandOutput = await documents.client.send(
      query(source, { limit: evaluatedMax - evaluated, start: end, countOnly: true }),
    );
    count += answer.Count ?? 0;
    evaluated += answer.ScannedCount ?? 0;
    end = answer.LastEvaluatedKey;
  }
  return { count: Math.min(count, countedMax), atLeast: end !== undefined || count > countedMax };
}

// Without a filter every entry matches, and no more are read than wanted.
function chunkSize(source: IndexPartition, missing: number): number {
  return filtersOf(source).length === 0 ? missing : Math.max(missing, 500);
}

function filtersOf({ equal }: IndexPartition): [name: string, value: string][] {
  return Object.entries(equal).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

interface QueryStep {
  readonly limit: number;
  readonly start: Item | undefined;
  readonly countOnly?: boolean;
}

function query(source: IndexPartition, { limit, start, countOnly = false }: QueryStep): QueryCommand {
  const filters = filtersOf(source);
  const [name, value] = source.partition;
  return new QueryCommand({
    TableName: source.table,
    IndexName: source.index,
    KeyConditionExpression: '#partition = :partition',
    ...(filters.length > 0 && {
      FilterExpression: filters.map((_, at) => `#f${at} = :f${at}`).join(' AND '),
    }),
    ExpressionAttributeNames: {
      '#partition': name,
      ...Object.fromEntries(filters.map(([filter], at) => [`#f${at}`, filter])),
    },
    ExpressionAttributeValues: {
      ':partition': value,
      ...Object.fromEntries(filters.map(([, wanted], at) => [`:f${at}`, wanted])),
    },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: start,
    ...(countOnly && { Select: 'COUNT' as const }),
  });
}

function startKey(
  { tenantId, partition: [name, value], sort }: IndexPartition,
  position: ListPosition,
): Item {
  return { ...keyOf(tenantKey(tenantId, position.id)), [name]: value, [sort]: position.sort };
}

function positionOf({ tenantId, sort }: IndexPartition, entry: Item): ListPosition {
  return { sort: String(entry[sort]), id: idInKey(tenantId, String(entry[KeyAttribute.primary])) };
}
