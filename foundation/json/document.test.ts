// Reading documents: every kind of field, and every way in which it can be wrong.
import { describe, expect, it } from '@jest/globals';
import type { Violation } from '../fault/fault.ts';
import { type DocumentReader, readDocument, refuseProblems, violationsMax } from './document.ts';
import type { JsonObject } from './json.ts';

function reading<T>(
  object: JsonObject,
  read: (document: DocumentReader) => T,
): { readonly value: T; readonly problems: readonly Violation[] } {
  const problems: Violation[] = [];
  return { value: read(readDocument(object, problems)), problems };
}

describe('readDocument', () => {
  const length = { min: 1, max: 3 };
  const range = { min: 1, max: 3 };
  const words = ['red', 'green'] as const;
  const texts = { itemsMax: 2, length };

  it.each<[string, JsonObject, (document: DocumentReader) => unknown, unknown]>([
    ['a text', { f: 'abc' }, (document) => document.text('f', length), 'abc'],
    ['a text counted in code points', { f: '😀😀😀' }, (document) => document.text('f', length), '😀😀😀'],
    ['an empty text that may be empty', { f: '' }, (document) => document.text('f', { min: 0, max: 3 }), ''],
    ['a word', { f: 'green' }, (document) => document.oneOf('f', words), 'green'],
    ['a flag', { f: false }, (document) => document.flag('f'), false],
    ['a whole number', { f: 3 }, (document) => document.integer('f', range), 3],
    ['a number', { f: 1.5 }, (document) => document.number('f', range), 1.5],
    ['an object', { f: { a: 1 } }, (document) => document.object('f'), { a: 1 }],
    ['a list', { f: [1, 'a'] }, (document) => document.list('f', 2), [1, 'a']],
    ['texts', { f: ['a', 'b'] }, (document) => document.texts('f', texts), ['a', 'b']],
    ['an absent field', {}, (document) => document.text('f', length), undefined],
    ['null as absent', { f: null }, (document) => document.texts('f', texts), undefined],
    ['no field of a prototype', {}, (document) => document.object('constructor'), undefined],
  ])('reads %s', (_what, object, read, value) => {
    expect(reading(object, read)).toEqual({ value, problems: [] });
  });

  it.each<[string, JsonObject, (document: DocumentReader) => unknown, string, string]>([
    ['a number as text', { f: 1 }, (document) => document.text('f', length), 'f', 'must be text'],
    ['blanks', { f: ' ' }, (document) => document.text('f', length), 'f', 'must not be blank'],
    [
      'a long text',
      { f: 'abcd' },
      (document) => document.text('f', length),
      'f',
      'must have at most 3 characters',
    ],
    [
      'NUL',
      { f: 'a\0' },
      (document) => document.text('f', length),
      'f',
      'must not contain NUL characters or unpaired surrogates',
    ],
    [
      'half a character',
      { f: '\ud800' },
      (document) => document.text('f', length),
      'f',
      'must not contain NUL characters or unpaired surrogates',
    ],
    [
      'another word',
      { f: 'blue' },
      (document) => document.oneOf('f', words),
      'f',
      'must be one of red, green',
    ],
    ['a text as flag', { f: 'true' }, (document) => document.flag('f'), 'f', 'must be true or false'],
    [
      'a broken number',
      { f: 1.5 },
      (document) => document.integer('f', range),
      'f',
      'must be a whole number from 1 to 3',
    ],
    [
      'a large number',
      { f: 4 },
      (document) => document.number('f', range),
      'f',
      'must be a number from 1 to 3',
    ],
    ['a list as object', { f: [] }, (document) => document.object('f'), 'f', 'must be an object'],
    ['an object as list', { f: {} }, (document) => document.list('f', 2), 'f', 'must be a list'],
    ['a long list', { f: [1, 2, 3] }, (document) => document.list('f', 2), 'f', 'must have at most 2 items'],
    ['a wrong item', { f: ['a', 1] }, (document) => document.texts('f', texts), 'f[1]', 'must be text'],
    ['an item twice', { f: ['a', 'a'] }, (document) => document.texts('f', texts), 'f[1]', 'repeats f[0]'],
    ['a text as object inside', { f: 'a' }, (document) => document.inside('f'), 'f', 'must be an object'],
    [
      'a field inside',
      { f: { g: 1 } },
      (document) => document.inside('f')?.text('g', length),
      'f.g',
      'must be text',
    ],
  ])('notes %s by its path, and reads it as absent', (_what, object, read, field, reason) => {
    expect(reading(object, read)).toEqual({ value: undefined, problems: [{ field, reason }] });
  });

  it('notes every missing field at once, null included', () => {
    const { problems } = reading({ a: null, b: false }, (document) => document.require('a', 'b', 'c'));
    expect(problems.map(({ field }) => field)).toEqual(['a', 'c']);
  });

  it('tells null from absence', () => {
    const seen = reading({ a: null }, (document) => [
      document.isNull('a'),
      document.isNull('b'),
      document.has('a'),
    ]);
    expect(seen.value).toEqual([true, false, false]);
  });
});

describe('refuseProblems', () => {
  it('lets a document without problems pass, and tells the first hundred of more', () => {
    refuseProblems([]);
    const many = Array.from({ length: 150 }, (_each, at) => ({ field: `f[${at}]`, reason: 'is wrong' }));
    try {
      refuseProblems(many);
    } catch (error) {
      expect(error).toMatchObject({ reason: 'invalid_argument', violations: many.slice(0, violationsMax) });
      return;
    }
    throw new Error('nothing was refused');
  });
});
