// The rules of .dockerignore, by which the test of the bundle knows what a builder is sent.
import { describe, expect, it } from '@jest/globals';
import { sentFiles } from './build-context.for-test.ts';

describe('.dockerignore', () => {
  it.each([
    ['a.ts', ['a.ts'], []],
    ['*.ts', ['a.ts', 'b/a.ts'], ['b/a.ts']],
    ['**/*.ts', ['a.ts', 'b/c/a.ts', 'a.tsx'], ['a.tsx']],
    ['b', ['b/c/a.ts', 'bc/a.ts'], ['bc/a.ts']],
    ['*\n!b', ['a.ts', 'b/a.ts'], ['b/a.ts']],
    ['*\n!b/c\n**/*.test.ts', ['b/a.ts', 'b/c/a.ts', 'b/c/a.test.ts'], ['b/c/a.ts']],
    ['**/node_modules', ['node_modules/x/a.js', 'b/node_modules/a.js', 'b/a.js'], ['b/a.js']],
    ['# *\n\n', ['a.ts'], ['a.ts']],
  ])('%j of %j leaves %j', (text, paths, left) => {
    expect(sentFiles(text, paths)).toEqual(left);
  });
});
