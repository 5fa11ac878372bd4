// Leaves out of installed packages what never runs: sources and types of TypeScript, source maps, tests. The build of the image calls it with
// the folder of the packages; two fifths of their bytes are such files.
import { type Dirent, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// Node runs no TypeScript below node_modules.
const unneededFile = /\.(?:map|[cm]?tsx?|tsbuildinfo)$/;
const unneededFolders = ['test', 'tests', '__tests__', 'coverage', 'benchmark', 'benchmarks', '.github'];

/** Whether a file of a package is for its development alone. The path is relative to the package; folders of tests are known by their names at its top. */
export function isForDevelopment(pathInPackage: string): boolean {
  const [first = '', ...rest] = pathInPackage.split('/');
  return (rest.length > 0 && unneededFolders.includes(first)) || unneededFile.test(pathInPackage);
}

/** Removes such files from every package below the folder, from nested ones too. Links are left alone. */
export function prunePackages(packagesDir: string): void {
  for (const entry of folders(packagesDir)) {
    const path = join(packagesDir, entry.name);
    if (entry.name.startsWith('@')) prunePackages(path);
    else prunePackage(path, '');
  }
}

function prunePackage(root: string, folder: string): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name === 'node_modules') prunePackages(join(root, path));
    else if (entry.isDirectory()) prunePackage(root, path);
    else if (entry.isFile() && isForDevelopment(path)) rmSync(join(root, path));
  }
}

function folders(path: string): readonly Dirent[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
}

if (import.meta.main) {
  const [packagesDir] = process.argv.slice(2);
  if (packagesDir === undefined) throw new RangeError('The folder of the packages must be given');
  prunePackages(packagesDir);
}
