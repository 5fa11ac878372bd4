// Parts of JSON Schemas that several routes use. A `description` completes "must be …" where a value breaks its rule; a `title` is told to
// readers in its place.

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** Text of `lengthMin` to `lengthMax` characters that every store can hold. */
export function textSchema(lengthMin: number, lengthMax: number, more: Schema = {}): Schema {
  return { type: 'string', minLength: lengthMin, maxLength: lengthMax, format: 'plain-text', ...more };
}

/** An object of these properties; unknown ones are dropped. */
export function objectSchema(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return { type: 'object', additionalProperties: false, properties, required: [...required] };
}

/** Id of a domain. */
export const domainIdSchema: Schema = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_]{0,49}$',
  description: 'a lower-case letter, then at most 49 lower-case letters, digits or underscores',
};

/** Prefixed id, whatever its prefix: one of the wrong form names nothing, and that is for the service to say. */
export const objectIdSchema: Schema = textSchema(1, 100);

/** Status of a document. */
export const statusSchema: Schema = textSchema(1, 50);

/** A time in a query. */
export const instantSchema: Schema = {
  type: 'string',
  format: 'instant',
  description: 'A time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01',
};

/** A point on the globe as GeoJSON. */
export const pointSchema: Schema = objectSchema(
  {
    type: { type: 'string', const: 'Point' },
    coordinates: {
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: [
        { type: 'number', minimum: -180, maximum: 180 },
        { type: 'number', minimum: -90, maximum: 90 },
      ],
    },
  },
  ['type', 'coordinates'],
);

/** A whole number in a query. */
export const wholeNumberSchema: Schema = {
  type: 'string',
  pattern: '^-?[0-9]{1,15}$',
  description: 'a whole number',
};

/** Version of a definition in a query. */
export const versionSchema: Schema = {
  type: 'string',
  pattern: '^[1-9][0-9]{0,8}$',
  description: 'a whole number from 1',
};

/** Query of a list: its page and these filters. */
export function listQuerySchema(filters: Readonly<Record<string, Schema>> = {}): Schema {
  return objectSchema({
    page: { ...wholeNumberSchema, title: 'Number of the page, from 1; not beside `cursor`' },
    limit: { ...wholeNumberSchema, title: 'Rows of the page, 1 to 100; 20 unless given' },
    cursor: textSchema(1, 4_096, { description: '`next_cursor` of the page before, under the same filters' }),
    ...filters,
  });
}
