// What must not be left in a file: paths of one machine, registry addresses, notes to oneself, tests switched off.
import type { Offence } from './offence.ts';
import { lineAt, type SourceFile, type TextFile } from './source-file.ts';

const machinePath = /(?<![\w.~*})-])\/(?:work|root)\/|(?<![\w.~*})-])\/home\/[\w-]+/g;
const note = /\b(?:TO(?:DO)|FIX(?:ME)|X{3})\b/g;
const registryAddress = /"resolved":\s*"http/g;
const switchedOff =
  /\b(?:describe|it|test)(?:\s*\.\s*\w+)*\s*\.\s*(?:only|skip|todo)\b|\b(?:fdescribe|fit|xdescribe|xit|xtest)\s*\(/g;

/** Absolute paths that exist on one machine only. */
export function machinePaths(files: readonly TextFile[]): readonly Offence[] {
  return files.flatMap((file) => every(file, machinePath, 'names a path of one machine'));
}

/** Notes to oneself; a lock file's hashes and data may hold the letters by chance. */
export function leftNotes(files: readonly TextFile[]): readonly Offence[] {
  return files
    .filter(({ path }) => !path.endsWith('package-lock.json') && !path.split('/').includes('data'))
    .flatMap((file) => every(file, note, 'holds a note to oneself'));
}

/** Addresses of a registry in a lock file: they bind everyone to the registry of whoever wrote it. */
export function registryAddresses(files: readonly TextFile[]): readonly Offence[] {
  return files
    .filter(({ path }) => path.endsWith('package-lock.json'))
    .flatMap((file) => every(file, registryAddress, 'names the address of a registry').slice(0, 1));
}

/** Tests that run alone or not at all. */
export function switchedOffTests(sources: readonly SourceFile[]): readonly Offence[] {
  return sources
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(({ path, code }) => every({ path, text: code }, switchedOff, 'switches tests off'));
}

function every({ path, text }: TextFile, pattern: RegExp, what: string): Offence[] {
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => ({
    path,
    line: lineAt(text, index),
    problem: `${what}: ${match}`,
  }));
}
