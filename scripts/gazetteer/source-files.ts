// Where the data files of the installed source packages lie, and how they are read. What they mean is said beside each reader.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, 'node_modules');

/** The text of a file of a package, UTF-8. A package that is not installed throws the error of the file system. */
export function readText(path: string): string {
  return readFileSync(join(packages, path), 'utf8');
}

/** The JSON of a file of a package, read as `T` without a check: the versions are fixed. */
export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}

/** The cells of a file of tab-separated lines. */
export function readTable(path: string): string[][] {
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\r$/, '').split('\t'));
}

/** The JSON files below a package's folders, in the order of their paths. */
export function jsonFilesBelow(path: string): string[] {
  return readdirSync(join(packages, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name.includes('/'))
    .sort()
    .map((name) => join(path, name));
}
