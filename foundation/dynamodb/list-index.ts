// Reads one part of a list from an index, passes over what comes before it, and counts the rest as far as lists are counted. A list may
// lie in several partitions of the index, which are read side by side and merged.
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';

/** Entries that one request evaluates in each partition and each of its two passes: reading and counting. One more than a page number may reach. */
export const evaluatedMax = 10_001;

/** Matches that are counted; beyond them a total is a lower bound. */
const countedMax = 10_000;

/** Entries read at a time where a filter may pass over most of them. */
const filteredChunk = 500;

/** A stored item, or what an index holds of it. */
export type IndexedItem = Readonly<Record<string, unknown>>;

/** Where a list entry stands: the value of its sort attribute and its public id. */
export interface ListPosition {
  readonly sort: string;
  readonly id: string;
}

/** Which part of a list is read. */
export interface ListRange {
  /** Matches to pass over; only without `after`. */
  readonly skip: number;
  readonly limit: number;
  /** The part begins after this position; undefined for the start. */
  readonly after: ListPosition | undefined;
  /** Whether to count all matches, up to 10,000. */
  readonly counted: boolean;
}

/** A part of a list. */
export interface ListPart<T> {
  readonly items: readonly T[];
  /** Where to go on; undefined at the end. */
  readonly next: ListPosition | undefined;
  /** Matches in the whole list; undefined when they were not to be counted. `atLeast`: there are more. */
  readonly total: { readonly count: number; readonly atLeast: boolean } | undefined;
}

/** A list in an index, newest first. */
export interface IndexedList {
  readonly table: string;
  readonly index: string;
  /** Name of the partition attribute. */
  readonly partition: string;
  /** Its values, at least one. With several, values of the sort attribute must differ between entries, so that they can be merged. */
  readonly partitions: readonly string[];
  /** Name of the sort attribute, a text. */
  readonly sort: string;
  /** Attributes that must equal these values; undefined ones do not narrow. */
  readonly equal: Readonly<Record<string, string | undefined>>;
  /** Name of the table's partition key, and its value for a public id and back. */
  readonly primary: string;
  readonly keyOf: (id: string) => string;
  readonly idOf: (key: string) => string;
}

/** The part of the list that `range` names. Where filters match little, a part may be short and still have a `next`. */
export async function listIndex(
  client: DynamoDBDocumentClient,
  list: IndexedList,
  range: ListRange,
): Promise<ListPart<IndexedItem>> {
  const reads = await Promise.all(
    list.partitions.map((partition) => readRange({ client, list, partition }, range)),
  );
  const read = merge(list, reads);
  const items = read.matches.slice(range.skip, range.skip + range.limit);
  const hasMore = read.matches.length > range.skip + range.limit;
  const last = hasMore ? items.at(-1) : read.end;
  return {
    items,
    next: last && positionOf(list, last),
    total: range.counted ? await countAll(client, list, reads) : undefined,
  };
}

interface Partition {
  readonly client: DynamoDBDocumentClient;
  readonly list: IndexedList;
  readonly partition: string;
}

/** What a reading pass found: all matches from the start of the range, and where it stopped, undefined at the partition's end. */
interface Reading {
  readonly matches: readonly IndexedItem[];
  readonly end: IndexedItem | undefined;
}

async function readRange(source: Partition, range: ListRange): Promise<Reading> {
  // One match beyond the part tells whether another part follows.
  const wanted = range.skip + range.limit + 1;
  const matches: IndexedItem[] = [];
  let end = range.after && startKey(source, range.after);
  let evaluated = 0;
  do {
    const limit = Math.min(chunkSize(source.list, wanted - matches.length), evaluatedMax - evaluated);
    const answer = await source.client.send(query(source, { limit, start: end }));
    matches.push(...(answer.Items ?? []));
    evaluated += answer.ScannedCount ?? 0;
    end = answer.LastEvaluatedKey;
  } while (end && matches.length < wanted && evaluated < evaluatedMax);
  return { matches, end };
}

// Beyond the newest place where a reading stopped, other partitions cannot be merged yet: what lies there is left to the next part.
function merge(list: IndexedList, reads: readonly Reading[]): Reading {
  const [only] = reads;
  if (only && reads.length === 1) return only;
  const newestFirst = (a: IndexedItem, b: IndexedItem): number =>
    sortOf(list, a) < sortOf(list, b) ? 1 : -1;
  const ends = reads.flatMap(({ end: each }): IndexedItem[] => (each ? [each] : []));
  const [end] = ends.sort(newestFirst);
  const known = reads
    .flatMap(({ matches }) => matches)
    .filter((item) => end === undefined || sortOf(list, item) >= sortOf(list, end));
  return { matches: known.sort(newestFirst), end };
}

async function countAll(
  client: DynamoDBDocumentClient,
  list: IndexedList,
  reads: readonly Reading[],
): Promise<{ count: number; atLeast: boolean }> {
  let [count, atLeast] = [0, false];
  for (const [at, partition] of list.partitions.entries()) {
    const { matches = [], end: start } = reads[at] ?? {};
    count += matches.length;
    let end = start;
    for (let evaluated = 0; end && count <= countedMax && evaluated < evaluatedMax; ) {
      const answer: QueryCommandOutput = await client.send(
        query({ client, list, partition }, { limit: evaluatedMax - evaluated, start: end, countOnly: true }),
      );
      count += answer.Count ?? 0;
      evaluated += answer.ScannedCount ?? 0;
      end = answer.LastEvaluatedKey;
    }
    atLeast ||= end !== undefined;
  }
  return { count: Math.min(count, countedMax), atLeast: atLeast || count > countedMax };
}

// Without a filter every entry matches, and no more are read than wanted.
function chunkSize(list: IndexedList, missing: number): number {
  return filtersOf(list).length === 0 ? missing : Math.max(missing, filteredChunk);
}

function filtersOf({ equal }: IndexedList): [name: string, value: string][] {
  return Object.entries(equal).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

interface QueryStep {
  readonly limit: number;
  readonly start: IndexedItem | undefined;
  readonly countOnly?: boolean;
}

function query({ list, partition }: Partition, { limit, start, countOnly = false }: QueryStep): QueryCommand {
  const filters = filtersOf(list);
  return new QueryCommand({
    TableName: list.table,
    IndexName: list.index,
    KeyConditionExpression: '#partition = :partition',
    ...(filters.length > 0 && {
      FilterExpression: filters.map((_, at) => `#f${at} = :f${at}`).join(' AND '),
    }),
    ExpressionAttributeNames: {
      '#partition': list.partition,
      ...Object.fromEntries(filters.map(([filter], at) => [`#f${at}`, filter])),
    },
    ExpressionAttributeValues: {
      ':partition': partition,
      ...Object.fromEntries(filters.map(([, wanted], at) => [`:f${at}`, wanted])),
    },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: start,
    ...(countOnly && { Select: 'COUNT' as const }),
  });
}

function startKey({ list, partition }: Partition, position: ListPosition): IndexedItem {
  return {
    [list.primary]: list.keyOf(position.id),
    [list.partition]: partition,
    [list.sort]: position.sort,
  };
}

function sortOf({ sort }: IndexedList, item: IndexedItem): string {
  return String(item[sort]);
}

function positionOf(list: IndexedList, item: IndexedItem): ListPosition {
  return { sort: sortOf(list, item), id: list.idOf(String(item[list.primary])) };
}
