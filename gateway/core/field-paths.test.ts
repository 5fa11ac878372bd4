// What `fields` leaves of answers.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldTree, readFields, selectFields } from './field-paths.ts';

function selected(answer: unknown, fields: string, rows?: string): unknown {
  const read = readFields(fields);
  if (!('paths' in read)) throw new Error(JSON.stringify(read.violations));
  return selectFields(answer, fieldTree(read.paths), rows);
}

const report = {
  incident_id: 'inc_1',
  status: 'completed',
  location: null,
  ingestion_data: { a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, { x: 3 }, 4, null], text: 'deep' },
  tools: ['one', 'two'],
};

describe('fields of one object', () => {
  it.each([
    ['status', { status: 'completed' }],
    ['status,incident_id', { incident_id: 'inc_1', status: 'completed' }],
    [' status , tools', { status: 'completed', tools: ['one', 'two'] }],
    ['ingestion_data.a.b', { ingestion_data: { a: { b: 1 } } }],
    ['ingestion_data.a.b,ingestion_data.a', { ingestion_data: { a: { b: 1, c: 2 } } }],
    ['ingestion_data.list.x', { ingestion_data: { list: [{ x: 1 }, { x: 3 }, undefined, null] } }],
    ['location.type', { location: null }],
    ['ingestion_data.text.more', { ingestion_data: { text: undefined } }],
    ['nothing', {}],
    ['__proto__,constructor', {}],
  ])('%s', (fields, left) => {
    expect(selected(report, fields)).toEqual(left);
  });

  it('sends null for an element that has no members, so that the others keep their places', () => {
    expect(JSON.stringify(selected(report, 'ingestion_data.list.x'))).toBe(
      '{"ingestion_data":{"list":[{"x":1},{"x":3},null,null]}}',
    );
  });
});

describe('fields of a list', () => {
  it('are those of a row, and everything beside the rows stays', () => {
    const rows = [{ a: 1, b: { c: 2, d: 3 } }, { a: 4 }];
    const list = { reports: rows, pagination: { limit: 2 } };
    expect(selected(list, 'b.c', 'reports')).toEqual({
      reports: [{ b: { c: 2 } }, {}],
      pagination: { limit: 2 },
    });
  });
});

describe('the text of fields', () => {
  it.each([
    ['', 'must be paths such as a,b.c'],
    ['a,,b', 'must be paths such as a,b.c'],
    ['a.', 'must be paths such as a,b.c'],
    ['.a', 'must be paths such as a,b.c'],
    [Array(51).fill('a').join(), 'must name at most 50 paths'],
    ['a'.repeat(4_097), 'must have at most 4096 characters'],
    [['a', 'b'], 'must be given once'],
  ])('%j %s', (text, reason) => {
    expect(readFields(text)).toEqual({ violations: [{ field: 'fields', reason }] });
  });

  it('takes 50 paths', () => {
    expect(readFields(Array(50).fill('a').join())).toMatchObject({ paths: Array(50).fill(['a']) });
  });
});

describe('any answer', () => {
  it('keeps its form: selecting again changes nothing', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'pagination');
    const answers = fc.dictionary(names, fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 });
    const paths = fc.array(fc.array(names, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(answers, paths, (answer, wanted) => {
        const text = wanted.map((path) => path.join('.')).join();
        const once = JSON.parse(JSON.stringify(selected(answer, text)));
        expect(JSON.parse(JSON.stringify(selected(once, text)))).toEqual(once);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
