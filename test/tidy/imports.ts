// Finds what a file imports: static, side-effect, dynamic and type imports, re-exports and require. It resolves relative
// names to paths of the checkout and leaves package names as they stand.
import { posix } from 'node:path';
import { lineAt, type SourceFile } from './source-file.ts';

/** One import. Exactly one of `path` (a file of the checkout) and `library` (a package or `node:` module) is set. */
export interface Import {
  readonly line: number;
  /** True when nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly path?: string;
  /** The specifier as written, with its subpath. */
  readonly library?: string;
}

const withBindings =
  /\b(?:import|export)(\s+type(?=[\s{*]))?\s*([\w$*\s{},]*?)\s*\bfrom\s*(['"])([^'"\n]+)\3/g;
const sideEffect = /\bimport\s*(['"])([^'"\n]+)\1/g;
// A method of that name, as in `document.require('name')`, imports nothing.
const call = /(?<![\w)\]?]\.)\b(?:import|require(?:\.resolve)?)\s*\(\s*(['"`])([^'"`\n]+)\1/g;

/** All imports of a file in order of line. Text inside comments and strings is not taken for an import. */
export function importsOf(source: SourceFile): readonly Import[] {
  const found = [
    ...matches(source, withBindings, (m) => ({
      typeOnly: m[1] !== undefined || onlyTypes(m[2] ?? ''),
      name: m[4],
    })),
    ...matches(source, sideEffect, (m) => ({ typeOnly: false, name: m[2] })),
    ...matches(source, call, (m) => ({ typeOnly: false, name: m[2] })),
  ];
  return found.sort((a, b) => a.line - b.line);
}

interface Found {
  readonly typeOnly: boolean;
  readonly name: string | undefined;
}

function matches(source: SourceFile, pattern: RegExp, read: (match: RegExpExecArray) => Found): Import[] {
  return [...source.uncommented.matchAll(pattern)]
    .filter((match) => /[a-z]/.test(source.code[match.index] ?? ''))
    .map((match) => {
      const { typeOnly, name = '' } = read(match);
      return { line: lineAt(source.text, match.index), typeOnly, ...target(source.path, name) };
    });
}

function onlyTypes(bindings: string): boolean {
  const inner = /^\{([^}]*)\}$/.exec(bindings.trim())?.[1];
  if (inner === undefined) return false;
  const names = inner.split(',').filter((name) => name.trim() !== '');
  return names.length > 0 && names.every((name) => /^\s*type\s/.test(name));
}

function target(from: string, name: string): { path: string } | { library: string } {
  return name.startsWith('.') ? { path: posix.join(posix.dirname(from), name) } : { library: name };
}
