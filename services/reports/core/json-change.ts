// Changes of a JSON object by paths of keys: what a recursive merge would change, whether values are still what a change expects, and the
// object with changes made. Lists are values like texts and numbers: they are replaced, never merged.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { keyPath, keysOfPath } from '../../../foundation/json/json-path.ts';

/** One value that changes; absent `before`: there was none; absent `after`: it goes. */
export interface JsonChange {
  /** Keys as `keyPath` writes them. */
  readonly path: string;
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
}

/** An object with changes made. */
export interface Changed {
  readonly object: JsonObject;
  /** Paths of objects that had to be made on the way, outermost first. */
  readonly created: readonly string[];
}

/** What merging `wished` into the value at `path` changes, by leaves. Objects merge, other values replace; equal values change nothing. */
export function mergeChanges(
  path: string,
  held: JsonValue | undefined,
  wished: JsonValue,
): readonly JsonChange[] {
  if (!isJsonObject(wished) || (held !== undefined && !isJsonObject(held))) {
    return held !== undefined && isSame(held, wished) ? [] : [{ path, before: held, after: wished }];
  }
  const entries = Object.entries(wished);
  if (entries.length === 0) return held ? [] : [{ path, after: wished }];
  return entries.flatMap(([key, value]) => mergeChanges(keyPath(path, key), held && own(held, key), value));
}

/** The paths at which the object does not hold what the changes expect to find, or to have left: `before` or `after`. */
export function pathsThatMoved(
  object: JsonObject,
  changes: readonly JsonChange[],
  expected: 'before' | 'after',
): readonly string[] {
  return changes.filter((change) => !holds(object, change.path, change[expected])).map(({ path }) => path);
}

/** The changes that take these back. */
export function reversed(changes: readonly JsonChange[]): readonly JsonChange[] {
  return changes.map(({ path, before, after }) => ({ path, before: after, after: before }));
}

/**
 * Makes the changes, none of them below another. Objects on the way to a value are made where there are none, and replace what is no
 * object. Objects named by `prune` that hold a changed value go in the end if nothing is left in them.
 */
export function makeChanges(
  object: JsonObject,
  changes: readonly JsonChange[],
  prune: readonly string[] = [],
): Changed {
  const making: Making = { created: [], prune: new Set(prune) };
  const steps = changes.map(({ path, after }) => ({ keys: keysOf(path), after }));
  return { object: changed({ object, path: '' }, steps, making), created: making.created };
}

interface Step {
  readonly keys: readonly string[];
  readonly after: JsonValue | undefined;
}

interface Making {
  readonly created: string[];
  readonly prune: ReadonlySet<string>;
}

interface Place {
  readonly object: JsonObject;
  readonly path: string;
}

function changed({ object, path }: Place, steps: readonly Step[], making: Making): JsonObject {
  const entries = new Map(Object.entries(object));
  for (const [key, group = []] of Map.groupBy(steps, ({ keys }) => keys[0] ?? '')) {
    const below = group.filter(({ keys }) => keys.length > 1);
    const [leaf] = group.filter(({ keys }) => keys.length === 1);
    if (leaf?.after !== undefined) entries.set(key, leaf.after);
    else if (leaf) entries.delete(key);
    if (below.length > 0) changeBelow({ entries, key, path: keyPath(path, key) }, below, making);
  }
  return Object.fromEntries(entries);
}

interface Inner {
  readonly entries: Map<string, JsonValue>;
  readonly key: string;
  readonly path: string;
}

function changeBelow({ entries, key, path }: Inner, steps: readonly Step[], making: Making): void {
  const held = entries.get(key);
  if (held === undefined && steps.every(({ after }) => after === undefined)) return;
  if (held === undefined) making.created.push(path);
  const tails = steps.map(({ keys, after }) => ({ keys: keys.slice(1), after }));
  const next = changed({ object: isJsonObject(held) ? held : {}, path }, tails, making);
  if (making.prune.has(path) && Object.keys(next).length === 0) entries.delete(key);
  else entries.set(key, next);
}

function holds(object: JsonObject, path: string, expected: JsonValue | undefined): boolean {
  const keys = keysOf(path);
  const held = valueAt(object, keys);
  if (expected !== undefined) return held !== undefined && isSame(held, expected);
  // Nothing can be put below a value that is no object without replacing it.
  const parents = keys.slice(1).map((_, at) => valueAt(object, keys.slice(0, at + 1)));
  return held === undefined && parents.every((parent) => parent === undefined || isJsonObject(parent));
}

function valueAt(object: JsonObject, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const key of keys) value = isJsonObject(value) ? own(value, key) : undefined;
  return value;
}

// Keys such as `__proto__` are data: what an object inherits is none of its values.
function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function keysOf(path: string): readonly string[] {
  const keys = keysOfPath(path);
  if (!keys) throw new RangeError('The path is none of keys');
  return keys;
}
