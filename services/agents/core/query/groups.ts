// Groups of reports: counts by a field, merged where people write one thing in several ways.

import type { AggregateRequest, AggregateResult, FoundReport } from '../report-data.ts';
import type { JsonObject, JsonValue } from '../skill.ts';

/** A value with how many reports have it. */
export interface Group {
  readonly key: string;
  readonly count: number;
}

/** What an entity group stands for. */
export interface EntityGroup extends Group {
  readonly type: string;
}

/** Counts reports that were read by the same rules as the index; who sent them is not read. */
export function groupReports(reports: readonly FoundReport[], request: AggregateRequest): AggregateResult {
  const counts = new Map<string, number>();
  for (const report of reports) {
    for (const key of new Set(keysOf(report, request.group_by))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const groups = [...counts].map(([key, count]) => ({ key, count }));
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return { total, groups: groups.sort(byCount).slice(0, request.limit) };
}

function keysOf(report: FoundReport, groupBy: AggregateRequest['group_by']): string[] {
  if (groupBy === 'status') return [report.status];
  if (groupBy === 'source') return report.source === undefined ? [] : [report.source];
  const [part, ...path] = groupBy.split('.');
  if (part !== 'ingestion_data' && part !== 'management_data') return [];
  const value = path.reduce<JsonValue | undefined>(
    (at, name) => (isObject(at) ? at[name] : undefined),
    report[part],
  );
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((one: JsonValue) =>
    typeof one === 'string' ? one : JSON.stringify(one),
  );
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Groups whose keys differ in case, blanks or a plural s become one, under the most frequent writing; largest first. */
export function mergeGroups(
  groups: readonly Group[],
  nameOf: (key: string) => string = (key) => key,
): Group[] {
  const merged = new Map<string, { key: string; count: number; top: number }>();
  for (const group of groups) {
    const name = nameOf(group.key).trim();
    const id = name
      .toLowerCase()
      .replace(/\s+/g, ' ')
      .replace(/[.,]+$/, '')
      .replace(/([^s])s$/, '$1');
    if (id === '') continue;
    const known = merged.get(id) ?? { key: name, count: 0, top: 0 };
    const better = group.count > known.top;
    merged.set(id, {
      key: better ? name : known.key,
      count: known.count + group.count,
      top: Math.max(known.top, group.count),
    });
  }
  return [...merged.values()].map(({ key, count }) => ({ key, count })).sort(byCount);
}

/** Groups of `ingestion_data.entities`, whose keys are JSON objects {text, type}; a plain string counts as type `thing`. */
export function entityGroups(groups: readonly Group[]): EntityGroup[] {
  return groups.map(({ key, count }) => {
    const parsed = key.startsWith('{') ? parseObject(key) : undefined;
    const { text, type } = parsed ?? {};
    return {
      key: typeof text === 'string' ? text : key,
      type: typeof type === 'string' ? type : 'thing',
      count,
    };
  });
}

function parseObject(json: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As output: the groups as objects with the given name for the key. */
export function groupRows(groups: readonly Group[], name: string, most: number): JsonObject[] {
  return groups.slice(0, most).map(({ key, count }) => ({ [name]: key, count }));
}

function byCount(a: Group, b: Group): number {
  return b.count - a.count || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
