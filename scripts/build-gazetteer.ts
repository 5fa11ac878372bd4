#!/usr/bin/env node
// Compiles the file of places that the agents load: `node scripts/build-gazetteer.ts [--check]`. The sources are installed apart, with
// `npm ci --prefix scripts/gazetteer`, half a gigabyte that nobody else needs. With --check nothing is written: it tells whether the
// committed file is what the sources give, byte for byte. Exit 0; 1 when it is not; 2 when the sources are missing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesPath } from '../services/agents/store/gazetteer.ts';
import { writePlaceFile } from '../services/agents/store/place-file.ts';

/** Says beside the file of places what it was made of. */
export const recordPath: string = placesPath.replace(/\.bin$/, '.json');

/** The record of a file of places: its SHA-256 and the versions of the sources that are to be installed. */
export function recordOf(bytes: Uint8Array): { readonly sha256: string; readonly sources: unknown } {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, 'gazetteer/package.json'), 'utf8'));
  return { sha256: createHash('sha256').update(bytes).digest('hex'), sources: manifest.dependencies };
}

async function main(check: boolean): Promise<number> {
  if (!existsSync(join(import.meta.dirname, 'gazetteer/node_modules'))) {
    process.stderr.write('The sources are not installed: run npm ci --prefix scripts/gazetteer\n');
    return 2;
  }
  const { compile } = await import('./gazetteer/compile.ts');
  const { gather } = await import('./gazetteer/gather.ts');
  const bytes = writePlaceFile(compile(gather()));
  if (!check) {
    writeFileSync(placesPath, bytes);
    writeFileSync(recordPath, `${JSON.stringify(recordOf(bytes), null, 2)}\n`);
    process.stdout.write(`${placesPath}: ${bytes.byteLength} bytes\n`);
    return 0;
  }
  const same = Buffer.compare(readFileSync(placesPath), bytes) === 0;
  process.stdout.write(
    same ? 'The file of places is up to date\n' : 'The file of places is not what its sources give\n',
  );
  return same ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.includes('--check'));
