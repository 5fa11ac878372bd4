// Copies a folder whose files may change and vanish meanwhile, as those of a database server at work do.
import { chown, copyFile, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whom the copies belong to; absent for whoever copies. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How a folder is copied. */
export interface FolderCopy {
  readonly from: string;
  /** Made; readable by its owner alone. */
  readonly to: string;
  readonly owner?: Owner | undefined;
  /** True for what is left out, by its path below `from`. What a folder holds is asked one by one. */
  readonly leavesOut?: (path: string) => boolean;
}

/** Copies folders and plain files; what has vanished is passed over. Answers the bytes that were copied. */
export async function copyFolder({ from, to, owner, leavesOut = () => false }: FolderCopy): Promise<number> {
  const copy = async (path: string): Promise<number> => {
    const target = join(to, path);
    await makeFolder(target, owner);
    let bytes = 0;
    for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (leavesOut(below)) continue;
      if (entry.isDirectory()) bytes += await copy(below);
      else if (entry.isFile()) bytes += await copyOne(join(from, below), join(to, below), owner);
    }
    return bytes;
  };
  return copy('');
}

/** Makes a folder for its owner alone, who may be another than this process. */
export async function makeFolder(path: string, owner: Owner | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (owner) await chown(path, owner.uid, owner.gid);
}

async function copyOne(from: string, to: string, owner: Owner | undefined): Promise<number> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  if (owner) await chown(to, owner.uid, owner.gid);
  return (await lstat(to)).size;
}
