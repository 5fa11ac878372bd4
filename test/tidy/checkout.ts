// Reads the checkout for the tidy rules: every tracked file and every new one that git does not ignore.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFolders } from './rooms.ts';
import { type SourceFile, sourceFile, type TextFile } from './source-file.ts';

/** The files of a checkout by kind. Binary files and generated code are in `paths` alone. */
export interface Checkout {
  /** Every path, relative to the root. */
  readonly paths: readonly string[];
  /** Every text file that people write. */
  readonly texts: readonly TextFile[];
  /** TypeScript and JavaScript. */
  readonly sources: readonly SourceFile[];
  readonly protos: readonly SourceFile[];
}

/** Files over this size are data. */
const textBytesMax = 2_000_000;

/** Reads the checkout at `root`. Files that were deleted and not yet committed as such are left out. */
export function readCheckout(root: string): Checkout {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && isFile(join(root, path)))
    .sort();
  const texts = paths
    .filter((path) => !generatedFolders.some((folder) => path.startsWith(`${folder}/`)))
    .flatMap((path) => readText(root, path));
  const ofKind = (kind: RegExp) =>
    texts.filter(({ path }) => kind.test(path)).map(({ path, text }) => sourceFile(path, text));
  return { paths, texts, sources: ofKind(/\.(?:ts|mts|js|mjs|cjs)$/), protos: ofKind(/\.proto$/) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readText(root: string, path: string): TextFile[] {
  const bytes = readFileSync(join(root, path));
  if (bytes.length > textBytesMax || bytes.includes(0)) return [];
  return [{ path, text: bytes.toString('utf8') }];
}
