// What `npm ci --omit=dev` and the pruning after it leave, made of what is installed here: the packages of the lock file that are not for development
// alone, as hard links, or as copies where the folder lies on another file system. It needs no network and runs nothing.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isForDevelopment } from '../prune-packages.ts';

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** Folders of the packages of production, relative to the root, as in `node_modules/pg/node_modules/x`. Throws where one is not installed here. */
export function productionPackages(root: string): readonly string[] {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const wanted = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);
  const absent = wanted.filter(([path]) => !existsSync(join(root, path)));
  const missing = absent.filter(([, { optional }]) => !optional).map(([path]) => path);
  if (missing.length > 0) throw new Error(`Not installed: ${missing.join(', ')}`);
  return wanted.filter((entry) => !absent.includes(entry)).map(([path]) => path);
}

/** Puts these packages below the folder `to`, without those nested in them and without what is for their development. */
export function layPackages(root: string, packages: readonly string[], to: string): void {
  for (const path of packages) {
    layFolder({ from: join(root, path), to: join(to, path), folder: '' });
  }
}

interface Laying {
  /** Folders of the package, there and here. */
  readonly from: string;
  readonly to: string;
  /** Where in the package. */
  readonly folder: string;
}

function layFolder({ from, to, folder }: Laying): void {
  mkdirSync(join(to, folder), { recursive: true });
  for (const entry of readdirSync(join(from, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') layFolder({ from, to, folder: path });
    else if (entry.isFile() && !isForDevelopment(path)) layFile(join(from, path), join(to, path));
  }
}

/** A file under a second name, or a copy of it on another file system. */
export function layFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes(code)) throw error;
    copyFileSync(from, to);
  }
}
