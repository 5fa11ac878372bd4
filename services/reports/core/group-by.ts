// Counting by a field: which fields there are, and how the groups beyond the limit are summed up.

const columns = ['status', 'source', 'created_by'];
const documents = ['ingestion_data', 'management_data'];
const pathLengthMax = 10;
const textLengthMax = 200;
const restKey = 'other';

const pathRule = `a path under ingestion_data. or management_data., of keys without dots, at most ${pathLengthMax} steps and ${textLengthMax} characters`;
/** What breaks {@link groupPath}, as a sentence about a field. */
export const groupPathRule = `must be status, source, created_by or ${pathRule}`;
/** What breaks {@link measuredPath}. */
export const measuredPathRule = `must be ${pathRule}`;

/** How the numbers of a group become one. */
export type Figure = 'avg' | 'sum' | 'min' | 'max';

/** A figure over the numbers at a path; other values there are passed over. */
export interface Measure {
  readonly figure: Figure;
  /** A path of {@link measuredPath}. */
  readonly path: readonly string[];
}

/** One value and how often it occurs. */
export interface Group {
  readonly key: string;
  readonly count: number;
  /** The measure; absent where none was asked for, no member has a number, or the group is a rest. */
  readonly value?: number;
}

/** Groups, count descending, then key; `total` is the sum of all. */
export interface Aggregation {
  readonly groups: readonly Group[];
  readonly total: number;
}

/** True for the fields that every report has as a text of its own. */
export function isColumn(groupBy: string): boolean {
  return columns.includes(groupBy);
}

/** The path of a field under `ingestion_data.` or `management_data.`; else undefined. */
export function measuredPath(path: string): readonly string[] | undefined {
  return isColumn(path) ? undefined : groupPath(path);
}

/**
 * The path of `status`, `source`, `created_by` or a field under `ingestion_data.` or `management_data.`; else undefined. Its steps are keys of
 * objects: none leads into a list.
 */
export function groupPath(groupBy: string): readonly string[] | undefined {
  if (isColumn(groupBy)) return [groupBy];
  const path = groupBy.split('.');
  const isPath = documents.includes(path[0] ?? '') && path.length > 1 && path.length <= pathLengthMax;
  const isText = groupBy.length <= textLengthMax && !groupBy.includes('\0') && !path.includes('');
  return isPath && isText ? path : undefined;
}

/** The aggregation of the largest groups and the sum of all: what is missing to the sum goes under `other`, which measures nothing. */
export function withRest(largest: readonly Group[], total: number): Aggregation {
  const rest = total - largest.reduce((sum, { count }) => sum + count, 0);
  if (rest <= 0) return { groups: largest, total };
  const own = largest.find(({ key }) => key === restKey)?.count ?? 0;
  const others = largest.filter(({ key }) => key !== restKey);
  return { groups: [...others, { key: restKey, count: own + rest }], total };
}
