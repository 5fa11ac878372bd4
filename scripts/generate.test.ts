// The comparison of generated code: every kind of difference is named, and equal folders have none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { folderDifferences } from './generate.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domainflow-generate-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

it('finds nothing between equal folders', () => {
  const files = { 'a/v1/a_pb.js': '1', 'a/v1/a_pb.d.ts': '2' };
  expect(folderDifferences(write('expected', files), write('actual', files))).toEqual([]);
});

it('names what is missing, left over and out of date', () => {
  const expected = write('expected', { 'a/a.js': '1', 'b.js': '1', 'same.js': '1' });
  const actual = write('actual', { 'b.js': '2', 'c/c.js': '1', 'same.js': '1' });
  expect(folderDifferences(expected, actual)).toEqual([
    'a/a.js is missing',
    'b.js is out of date',
    'c/c.js is left over',
  ]);
});

it('takes a folder that does not exist for an empty one', () => {
  const expected = write('expected', { 'a.js': '1' });
  expect(folderDifferences(expected, join(folder, 'nowhere'))).toEqual(['a.js is missing']);
});
