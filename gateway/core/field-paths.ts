// `fields=a,b.c`: which members of an answer a caller wants. A list stays a list: the paths are those of a row.
import type { Violation } from '../../foundation/fault/fault.ts';

/** Paths of one request. */
export const fieldsMax = 50;
/** Longest text of all of them, in characters. */
export const fieldsLengthMax = 4_096;

/** What is wanted of an object by member; undefined for all of a member. */
export type FieldTree = ReadonlyMap<string, FieldTree | undefined>;

/** The paths, or what is wrong with the text. */
export type FieldsRead =
  | { readonly paths: readonly (readonly string[])[] }
  | { readonly violations: readonly Violation[] };

/** Reads the text of the parameter: paths with commas between them, names with points between them. */
export function readFields(text: unknown): FieldsRead {
  if (typeof text !== 'string') return refused('must be given once');
  if (text.length > fieldsLengthMax) return refused(`must have at most ${fieldsLengthMax} characters`);
  const paths = text.split(',').map((path) => path.trim().split('.'));
  if (paths.length > fieldsMax) return refused(`must name at most ${fieldsMax} paths`);
  if (paths.some((path) => path.includes(''))) return refused('must be paths such as a,b.c');
  return { paths };
}

function refused(reason: string): FieldsRead {
  return { violations: [{ field: 'fields', reason }] };
}

/** The paths as a tree. A path holds all that is below it. */
export function fieldTree(paths: readonly (readonly string[])[]): FieldTree {
  const byName = Map.groupBy(paths, ([name = '']) => name);
  return new Map(
    [...byName].map(([name, of]) => {
      const isWhole = of.some((path) => path.length === 1);
      return [name, isWhole ? undefined : fieldTree(of.map((path) => path.slice(1)))] as const;
    }),
  );
}

/** What is wanted of an answer. `rows` names the member that holds the rows of a list: of those it is wanted, and the others stay. */
export function selectFields(answer: unknown, tree: FieldTree, rows?: string): unknown {
  if (rows === undefined || !isObject(answer)) return wanted(answer, tree);
  const members = Object.entries(answer);
  return Object.fromEntries(
    members.map(([name, value]) => [name, name === rows ? wanted(value, tree) : value]),
  );
}

// Null stays: it says that there is nothing. Any other value has no members that could be wanted.
function wanted(value: unknown, tree: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((each) => wanted(each, tree));
  if (!isObject(value)) return value === null ? null : undefined;
  const members = Object.entries(value).filter(([name]) => tree.has(name));
  return Object.fromEntries(
    members.map(([name, member]) => {
      const below = tree.get(name);
      return [name, below ? wanted(member, below) : member];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
