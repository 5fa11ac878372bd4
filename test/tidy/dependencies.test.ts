// A dependency counts as explained only when the page names exactly it.
import { describe, expect, it } from '@jest/globals';
import { unexplainedDependencies } from './dependencies.ts';

const packageJson = JSON.stringify(
  { dependencies: { pg: '1', '@a/b': '1' }, devDependencies: { jest: '1' } },
  null,
  2,
);

describe('unexplainedDependencies', () => {
  it('accepts a page that names each of them', () => {
    expect(unexplainedDependencies(packageJson, '- `pg`: the driver.\n- @a/b, because.')).toEqual([]);
  });

  it('does not take part of a longer name for a mention', () => {
    const found = unexplainedDependencies(packageJson, 'pg-pool, @a/b-c and pgvector');
    expect(found.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
      '3 pg has no reason in ARCHITECTURE.md',
      '4 @a/b has no reason in ARCHITECTURE.md',
    ]);
  });
});
