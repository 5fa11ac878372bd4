// The image's folder without an image: what the Dockerfile copies and installs, laid into a temporary folder, and programs started from there. No
// engine of containers is needed, and nothing of the checkout can be found from there.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCheckout } from '../../test/tidy/checkout.ts';
import { imageFiles } from './build-context.for-test.ts';
import { layFile, layPackages, productionPackages } from './production-packages.for-test.ts';

const root = join(import.meta.dirname, '..', '..');
const programMsMax = 60_000;

/** A bundle in a temporary folder. */
export interface Bundle {
  readonly dir: string;
  /** Its files without packages, relative to `dir`. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/** How a program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lays a bundle. Throws where packages could be found in a folder above it, which would hide that one is missing. */
export async function layBundle(): Promise<Bundle> {
  const files = imageFiles(root, readCheckout(root).paths);
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'domainflow-image-')));
  for (let above = dirname(dir); above !== dirname(above); above = dirname(above)) {
    if (existsSync(join(above, 'node_modules'))) throw new Error(`There are packages in ${above}`);
  }
  for (const { from, to } of files) {
    mkdirSync(join(dir, dirname(to)), { recursive: true });
    layFile(join(root, from), join(dir, to));
  }
  layPackages(root, productionPackages(root), dir);
  return {
    dir,
    files: files.map(({ to }) => to),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Runs a file of the bundle with these arguments, and an environment that holds nothing. */
export function runInBundle({ dir }: Bundle, file: string, args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
  const argv = ['--disable-warning=ExperimentalWarning', join(dir, file), ...args];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      argv,
      { cwd: '/', env, timeout: programMsMax },
      (_, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}
