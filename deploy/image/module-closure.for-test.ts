// Which files and packages a program may ever load: what it imports, at once or later, and what those import.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from '../../test/tidy/imports.ts';
import { sourceFile } from '../../test/tidy/source-file.ts';

/** The modules of a program. */
export interface ModuleClosure {
  /** Relative to the folder, the program itself among them. */
  readonly files: ReadonlySet<string>;
  /** Packages with their subpaths, as they are imported; modules of Node are left out. */
  readonly packages: ReadonlySet<string>;
}

/** Follows the imports of a file; those of types alone, which load nothing, only `withTypes`. Throws for an import of a file that is not there. */
export function moduleClosure(dir: string, program: string, { withTypes = false } = {}): ModuleClosure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [program];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    const source = sourceFile(path, readFileSync(join(dir, path), 'utf8'));
    for (const { typeOnly, path: imported, library = '' } of importsOf(source)) {
      if (typeOnly && (!withTypes || !imported?.endsWith('.ts'))) continue;
      if (imported !== undefined) open.push(imported);
      else if (!library.startsWith('node:')) packages.add(library);
    }
  }
  return { files, packages };
}
