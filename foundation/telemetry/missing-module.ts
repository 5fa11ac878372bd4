// Reads out of Node's errors which module was not found, and where it was looked for. It looks at no file.
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isErrorLike } from './error-shape.ts';

/** A module that was asked for and is not there. */
export interface MissingModule {
  /** A package's name, or the path of a file. */
  readonly module: string;
  /** The file that asked for it; absent where Node does not say so. */
  readonly importedFrom?: string;
  /** Folders that were searched, nearest first; empty where nothing says who asked. */
  readonly searchPath: readonly string[];
}

const codes: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
const sentence = /^Cannot find (?:package|module) '([^']+)'(?: imported from (\S.*))?/;

/** What is missing, when the error is Node's word that a package or a file was not found; else undefined. */
export function missingModuleOf(error: unknown): MissingModule | undefined {
  if (!isErrorLike(error) || !('code' in error) || !codes.includes(error.code)) return undefined;
  const [, module, from = firstOf('requireStack' in error ? error.requireStack : undefined)] =
    sentence.exec(error.message) ?? [];
  if (module === undefined) return undefined;
  const importedFrom = from?.startsWith('file:') ? fileURLToPath(from) : from;
  return {
    module,
    ...(importedFrom === undefined ? {} : { importedFrom }),
    searchPath: searchPath(module, importedFrom),
  };
}

function firstOf(list: unknown): string | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}

/** A file is looked for in its folder; a package in `node_modules` of the importing file's folder and of each above it. */
function searchPath(module: string, importedFrom: string | undefined): readonly string[] {
  if (/^(?:[./]|[A-Za-z]:[\\/])/.test(module)) return [dirname(module)];
  if (importedFrom === undefined) return [];
  const folders: string[] = [];
  const { root } = parse(importedFrom);
  for (let folder = dirname(importedFrom); ; folder = dirname(folder)) {
    if (!folder.endsWith('node_modules')) folders.push(join(folder, 'node_modules'));
    if (folder === root || folder === dirname(folder)) return folders;
  }
}
