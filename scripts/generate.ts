#!/usr/bin/env node
// Generates the protobuf code of `proto/gen` with buf, and the types of the typed client from the description of the API. With `--check` it
// generates into a temporary folder instead, names every file that differs, and changes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const generatedFolders = [join('proto', 'gen'), join('clients', 'api', 'gen')];

/** One sentence for each file that is missing, left over or different in `actual`, by path. A missing folder is empty. */
export function folderDifferences(expected: string, actual: string): readonly string[] {
  const wanted = filesOf(expected);
  const present = filesOf(actual);
  return [...new Set([...wanted.keys(), ...present.keys()])].sort().flatMap((path) => {
    const [want, have] = [wanted.get(path), present.get(path)];
    if (want === undefined) return [`${path} is left over`];
    if (have === undefined) return [`${path} is missing`];
    return want.equals(have) ? [] : [`${path} is out of date`];
  });
}

function filesOf(folder: string): Map<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

/** Generates everything into `outputRoot`; the answer is an exit code. */
async function generateInto(outputRoot: string): Promise<number> {
  const status = generateProtos(outputRoot);
  if (status !== 0) return status;
  // It reads the gateway's own routes, which need the code that was generated just now.
  const { generateClient } = await import('./generate-client.ts');
  await generateClient(outputRoot);
  return 0;
}

/** Runs `buf generate`; the answer is its exit code. buf finds the plugin by PATH. */
function generateProtos(outputRoot: string): number {
  const binaries = join(root, 'node_modules', '.bin');
  const { status, error } = spawnSync(join(binaries, 'buf'), ['generate', '--output', outputRoot], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
  });
  if (error) throw error;
  return status ?? 1;
}

async function check(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'domainflow-generate-'));
  try {
    const status = await generateInto(folder);
    if (status !== 0) return status;
    const differences = generatedFolders.flatMap((each) =>
      folderDifferences(join(folder, each), join(root, each)).map((difference) => join(each, difference)),
    );
    for (const difference of differences) process.stdout.write(`${difference}\n`);
    if (differences.length > 0) process.stdout.write('Run `npm run generate` and commit the result.\n');
    return differences.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main)
  process.exitCode = await (process.argv.includes('--check') ? check() : generateInto(root));
