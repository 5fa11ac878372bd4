// Which paths an answer can have by its schema.
import { describe, expect, it } from '@jest/globals';
import {
  answerObject,
  count,
  freeObject,
  listOf,
  named,
  namedObject,
  orNull,
  pageOf,
  text,
} from './answer-schema.ts';
import { rowsMember, schemasByName, unknownFields } from './known-fields.ts';

const point = namedObject(['Point', 'A point'], { type: text, coordinates: listOf({ type: 'number' }) });
const row = namedObject(['Row', 'A row'], {
  id: text,
  location: orNull(named('Point')),
  data: freeObject,
  steps: listOf(answerObject({ name: text })),
});
const pagination = namedObject(['Pagination', 'A place'], { limit: count });
const names = schemasByName([point, row, pagination]);
const unknown = (schema: object, ...paths: string[]) =>
  unknownFields(
    paths.map((path) => path.split('.')),
    schema as Readonly<Record<string, unknown>>,
    names,
  ).map(({ reason }) => reason.split(' ')[0]);

describe('a path', () => {
  it('is known where the schema has it: through names, choices, arrays, and anything below what is free', () => {
    const known = ['id', 'location', 'location.type', 'data', 'data.any.thing', 'steps', 'steps.name'];
    expect(unknown(named('Row'), ...known)).toEqual([]);
    expect(unknown({}, 'any.thing')).toEqual([]);
  });

  it('is unknown elsewhere, and all of them are told', () => {
    const wrong = [
      'ids',
      'id.more',
      'location.kind',
      'location.type.more',
      'steps.id',
      'toString',
      '__proto__',
    ];
    expect(unknown(named('Row'), 'id', ...wrong)).toEqual(wrong);
  });

  it('of a list is that of a row', () => {
    const page = pageOf('rows', named('Row'));
    expect(unknown(page, 'id', 'data.any')).toEqual([]);
    expect(unknown(page, 'rows', 'rows.id', 'pagination')).toEqual(['rows', 'rows.id', 'pagination']);
    expect(unknown(answerObject({ rows: listOf(named('Row')), count }), 'count')).toEqual(['count']);
  });

  it.each([
    [pageOf('rows', named('Row')), 'rows'],
    [answerObject({ items: listOf(text), total: count, skip: count, limit: count }), 'items'],
    [answerObject({ golden_sets: listOf(text) }), 'golden_sets'],
    [answerObject({ session_id: text, messages: listOf(text) }), undefined],
    [answerObject({ status: text, total: count }), undefined],
    [named('Row'), undefined],
    [{ anyOf: [named('Row')] }, undefined],
  ])('%#: is a list, or one object', (schema, rows) => {
    expect(rowsMember(schema, names)).toBe(rows);
  });
});
