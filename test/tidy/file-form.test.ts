// The outer form of files: odd names, drawers, long files and files without an opening sentence are found.
import { describe, expect, it } from '@jest/globals';
import { fileLinesMax, fileNameOffences, longFiles, testLinesMax, unopenedFiles } from './file-form.ts';
import { sourceFile } from './source-file.ts';

function file(path: string, text = '') {
  return [sourceFile(path, text)];
}

describe('fileNameOffences', () => {
  it.each([
    ['local/localMesh.ts'],
    ['local/local_mesh.ts'],
    ['local/Mesh/x.ts'],
    ['local/utils.ts'],
    ['local/util.test.ts'],
    ['local/string-helpers.ts'],
    ['local/helpers/x.ts'],
    ['local/misc.ts'],
    ['local/types.ts'],
    ['local/index.ts'],
    ['local/common/x.ts'],
    ['shared/x.ts'],
  ])('refuses %s', (path) => {
    expect(fileNameOffences(file(path))).toHaveLength(1);
  });

  it.each([
    ['local/local-mesh.ts'],
    ['local/local-mesh.test.ts'],
    ['jest.config.js'],
    ['services/reports/store/report-index.ts'],
    ['services/agents/core/http2-types.ts'],
  ])('accepts %s', (path) => {
    expect(fileNameOffences(file(path))).toEqual([]);
  });
});

describe('longFiles', () => {
  it.each([
    ['local/x.ts', fileLinesMax],
    ['local/x.test.ts', testLinesMax],
    ['test/mesh.ts', testLinesMax],
  ])('allows %s %i lines and not one more', (path, linesMax) => {
    expect(longFiles(file(path, 'a;\n'.repeat(linesMax)))).toEqual([]);
    expect(longFiles(file(path, 'a;\n'.repeat(linesMax + 1)))).toHaveLength(1);
  });

  it('sets no limit to data', () => {
    expect(longFiles(file('local/data/places.ts', 'a;\n'.repeat(fileLinesMax + 1)))).toEqual([]);
  });
});

describe('unopenedFiles', () => {
  it.each([
    ['const a = 1;\n// What this file is about.\n'],
    ['\n// What this file is about.\n'],
    ['// biome-ignore x\nconst a = 1;'],
    ['#!/usr/bin/env node\nconst a = 1;'],
    [''],
  ])('refuses %j', (text) => {
    expect(unopenedFiles(file('a.ts', text))).toHaveLength(1);
  });

  it.each([
    ['// What this file is about.\nconst a = 1;'],
    ['// What this\n// file is about.\n'],
    ['/** What this file is about. */\n'],
    ['#!/usr/bin/env node\n// What this file is about.\n'],
  ])('accepts %j', (text) => {
    expect(unopenedFiles(file('a.ts', text))).toEqual([]);
  });
});
