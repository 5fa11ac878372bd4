// Counting by a field: which fields there are, and how the groups beyond the limit are summed up.

const columns = ['status', 'source', 'created_by'];
const documents = ['ingestion_data', 'management_data'];
const pathLengthMax = 10;
const textLengthMax = 200;
const restKey = 'other';

/** One value and how often it occurs. */
export interface Group {
  readonly key: string;
  readonly count: number;
}

/** Groups, count descending, then key; `total` is the sum of all. */
export interface Aggregation {
  readonly groups: readonly Group[];
  readonly total: number;
}

/** The path of `status`, `source`, `created_by` or a field under `ingestion_data.` or `management_data.`; else undefined. */
export function groupPath(groupBy: string): readonly string[] | undefined {
  if (columns.includes(groupBy)) return [groupBy];
  const path = groupBy.split('.');
  const isPath = documents.includes(path[0] ?? '') && path.length > 1 && path.length <= pathLengthMax;
  const isText = groupBy.length <= textLengthMax && !groupBy.includes('\0') && !path.includes('');
  return isPath && isText ? path : undefined;
}

/** The aggregation of the largest groups and the sum of all: what is missing to the sum goes under `other`. */
export function withRest(largest: readonly Group[], total: number): Aggregation {
  const rest = total - largest.reduce((sum, { count }) => sum + count, 0);
  if (rest <= 0) return { groups: largest, total };
  const own = largest.find(({ key }) => key === restKey)?.count ?? 0;
  const others = largest.filter(({ key }) => key !== restKey);
  return { groups: [...others, { key: restKey, count: own + rest }], total };
}
