// The outer form of a source file: its name, its length and the sentence it opens with.
import type { Offence } from './offence.ts';
import { stem } from './place.ts';
import { isTest, type SourceFile, type TextFile } from './source-file.ts';

/** The most lines of a source file that is not a test. */
export const fileLinesMax = 300;

/** The most lines of a test file. */
export const testLinesMax = 500;

const kebabCase = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/;
const drawers = /^(?:types|index|common|shared|(?:.*-)?(?:utils?|helpers?|misc))$/;

/** Names of files and folders that are not kebab-case, or that name a drawer for everything. */
export function fileNameOffences(sources: readonly TextFile[]): readonly Offence[] {
  return sources.flatMap(({ path }) => {
    const names = path.split('/');
    const odd = names.find((name) => !kebabCase.test(name));
    if (odd !== undefined) return [{ path, line: 1, problem: `"${odd}" is not kebab-case` }];
    const drawer = names.map(stem).find((name) => drawers.test(name));
    return drawer === undefined
      ? []
      : [{ path, line: 1, problem: `"${drawer}" does not say what is inside` }];
  });
}

/** Files with more lines than they may have. Data is not source: a folder named `data` has no limit. */
export function longFiles(files: readonly TextFile[]): readonly Offence[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    const linesMax = isTest(path) ? testLinesMax : fileLinesMax;
    if (lines <= linesMax || path.split('/').includes('data')) return [];
    return [{ path, line: linesMax + 1, problem: `has ${lines} lines of at most ${linesMax}` }];
  });
}

/** Source files whose first line, after one for the shell, is not a comment of at least four words. */
export function unopenedFiles(sources: readonly SourceFile[]): readonly Offence[] {
  return sources.flatMap(({ path, text }) => {
    const opening = /^(?:#!.*\n)?(?:\/\/([^\n]*(?:\n\/\/[^\n]*)*)|\/\*([\s\S]*?)\*\/)/.exec(text);
    const words = (opening?.[1] ?? opening?.[2] ?? '').match(/[\p{L}\p{N}]+/gu) ?? [];
    return words.length >= 4 ? [] : [{ path, line: 1, problem: 'does not open with a comment' }];
  });
}
