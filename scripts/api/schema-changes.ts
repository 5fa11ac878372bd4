// What changed between two JSON Schemas of an API that its clients would notice. A schema of what is taken may become wider, one of what is
// answered narrower; the other way round breaks clients. Whether two patterns mean the same is not known, so a changed one counts.
import { namesOf, type Schema, variants } from './schema-variants.ts';

/** A change. */
export interface ApiChange {
  /** Operation and place, such as `GET /teams, answer 200, teams[].id`. */
  readonly where: string;
  /** What happened there, such as `is not answered any more`. */
  readonly what: string;
  /** False for what careful clients bear. */
  readonly isBreaking: boolean;
}

/** Where two schemas stand. */
export interface SchemaPlace {
  /** Operation and body, such as `GET /teams, answer 200`. */
  readonly subject: string;
  /** Path within it, such as `teams[].id`; empty for the whole. */
  readonly path: string;
  readonly direction: 'taken' | 'answered';
  /** What references point into. */
  readonly documents: Versions<Schema>;
  /** Pairs of named schemas that are being compared. */
  readonly seen?: ReadonlySet<string>;
}

/** The same thing before and after. */
export interface Versions<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** Every change, in the order of the schemas. */
export function schemaChanges(schemas: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const pair = `${schemas.before.$ref} ${schemas.after.$ref} ${place.direction}`;
  const isNamed = '$ref' in schemas.before && '$ref' in schemas.after;
  if (isNamed && place.seen?.has(pair)) return [];
  const within = isNamed ? { ...place, seen: new Set([...(place.seen ?? []), pair]) } : place;
  const { before, after } = place.documents;
  const [old, now] = [variants(schemas.before, before), variants(schemas.after, after)];
  const [wanted, allowed] = place.direction === 'taken' ? [old, now] : [now, old];
  return wanted.flatMap((each) => {
    const alike = allowed.filter(({ type }) => type === each.type);
    const comparisons = (alike.length > 0 ? alike : allowed).map((other) =>
      place.direction === 'taken'
        ? variantChanges({ before: each, after: other }, within)
        : variantChanges({ before: other, after: each }, within),
    );
    return nearest(comparisons);
  });
}

/** The comparison with the fewest breaking changes. */
function nearest(comparisons: readonly (readonly ApiChange[])[]): readonly ApiChange[] {
  const breaks = (changes: readonly ApiChange[]) => changes.filter(({ isBreaking }) => isBreaking).length;
  return comparisons.toSorted((a, b) => breaks(a) - breaks(b) || a.length - b.length)[0] ?? [];
}

function variantChanges(schemas: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const type = typeChange(schemas, place);
  if (type) return [type];
  return [
    ...valueChanges(schemas, place),
    ...(place.direction === 'taken' ? limitChanges(schemas, place) : []),
    ...memberChanges(schemas, place),
    ...partChanges(schemas, place),
  ];
}

function typeChange({ before, after }: Versions<Schema>, place: SchemaPlace): ApiChange | undefined {
  const [wanted, allowed] =
    place.direction === 'taken' ? [before.type, after.type] : [after.type, before.type];
  if (allowed === undefined || wanted === allowed) return undefined;
  if (wanted === 'integer' && allowed === 'number') return undefined;
  const type = wanted === undefined ? 'any type' : `the type ${wanted}`;
  return breaking(
    place,
    place.direction === 'taken' ? `does not take ${type} any more` : `can be of ${type} now`,
  );
}

function valueChanges({ before, after }: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (place.direction === 'taken') {
    if (now && !old) return [breaking(place, `takes only ${now.join(', ')} now`)];
    const lost = old?.filter((value) => now && !now.includes(value)) ?? [];
    return lost.map((value) => breaking(place, `does not take ${value} any more`));
  }
  const added = now?.filter((value) => old && !old.includes(value)) ?? (old ? ['any value'] : []);
  return added.map((value) => ({ ...breaking(place, `can be ${value} now`), isBreaking: false }));
}

/** The values of a closed list, as JSON; undefined where there is none. */
function valuesOf({ enum: words, const: word }: Schema): readonly string[] | undefined {
  const values = word === undefined ? (words as readonly unknown[] | undefined) : [word];
  return values?.map((value) => JSON.stringify(value));
}

const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const exact = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

function limitChanges({ before, after }: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const told = (name: string) =>
    breaking(place, `has the ${name} ${after[name]} now, not ${before[name] ?? 'none'}`);
  const raised = lowest.filter(
    (name) => numberOf(after, name, -Infinity) > numberOf(before, name, startOf(name)),
  );
  const lowered = highest.filter(
    (name) => numberOf(after, name, Infinity) < numberOf(before, name, Infinity),
  );
  const other = exact.filter((name) => after[name] !== undefined && after[name] !== before[name]);
  return [...raised, ...lowered, ...other].map(told);
}

function numberOf(schema: Schema, name: string, none: number): number {
  return typeof schema[name] === 'number' ? schema[name] : none;
}

// Nothing is shorter than empty.
function startOf(name: string): number {
  return name.endsWith('inimum') ? -Infinity : 0;
}

function memberChanges(schemas: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const [old, now] = [membersOf(schemas.before), membersOf(schemas.after)];
  const removed = Object.keys(old)
    .filter((name) => !(name in now))
    .map((name) => breaking(inside(place, name), `is not ${place.direction} any more`));
  const shared = Object.entries(old).flatMap(([name, before]) => {
    const after = now[name];
    return after ? schemaChanges({ before, after }, inside(place, name)) : [];
  });
  return [...removed, ...requiredChanges(schemas, place), ...shared];
}

function requiredChanges({ before, after }: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const [old, now] = [namesOf(before), namesOf(after)];
  if (place.direction === 'taken') {
    const isClosed = before.additionalProperties !== false && after.additionalProperties === false;
    const closed = isClosed ? [breaking(place, 'takes no other members any more')] : [];
    const added = now.filter((name) => !old.includes(name));
    return [...closed, ...added.map((name) => breaking(inside(place, name), 'is required now'))];
  }
  const optional = old.filter((name) => name in membersOf(after) && !now.includes(name));
  return optional.map((name) => breaking(inside(place, name), 'may be absent now'));
}

const partNames = [
  ['items', '[]'],
  ['x-item-schema', '[]'],
  ['additionalProperties', '.*'],
] as const;

/** Items of lists, lines of streams and members of any name. */
function partChanges({ before, after }: Versions<Schema>, place: SchemaPlace): readonly ApiChange[] {
  const pairs = [
    ...partNames.map(([name, step]) => [before[name], after[name], step] as const),
    ...listOf(before).map((each, at) => [each, listOf(after)[at], `[${at}]`] as const),
  ];
  return pairs.flatMap(([old, now, step]) =>
    isSchema(old) && isSchema(now)
      ? schemaChanges({ before: old, after: now }, { ...place, path: `${place.path}${step}` })
      : [],
  );
}

function listOf({ prefixItems = [] }: Schema): readonly unknown[] {
  return prefixItems as readonly unknown[];
}

function membersOf({ properties = {} }: Schema): Readonly<Record<string, Schema>> {
  return properties as Readonly<Record<string, Schema>>;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

function inside(place: SchemaPlace, name: string): SchemaPlace {
  return { ...place, path: place.path === '' ? name : `${place.path}.${name}` };
}

function breaking({ subject, path }: SchemaPlace, what: string): ApiChange {
  return { where: path === '' ? subject : `${subject}, ${path}`, what, isBreaking: true };
}
