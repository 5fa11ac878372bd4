// Programs such as docker, helm and kubectl for tests: real executables in a folder of their own, each of which answers as a table says, in the forms
// that the real ones print, and writes down how it was called.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Commands, createCommands } from './external-command.ts';

/** An answer to calls whose program and arguments, joined by spaces, match. The first that fits counts; what nothing fits fails. */
export interface ScriptedAnswer {
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** [0] */
  readonly code?: number;
  /** Stays until it is ended [false]. */
  readonly stays?: boolean;
}

/** Programs that are in place. */
export interface ScriptedPrograms {
  /** Sees these programs, and no others but those of Node. */
  readonly commands: Commands;
  /** The folder as the whole of PATH. */
  readonly path: string;
  /** Every call so far: program and arguments, joined by spaces. */
  calls(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const program = `#!NODE
const { appendFileSync, readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const folder = dirname(process.argv[1]);
const call = [basename(process.argv[1]), ...process.argv.slice(2)].join(' ');
appendFileSync(join(folder, 'calls.ndjson'), JSON.stringify(call) + '\\n');
const answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));
const answer = answers.find(({ when }) => new RegExp(when).test(call));
if (!answer) {
  process.stderr.write('unknown command: ' + call + '\\n');
  process.exit(125);
}
process.stdout.write(answer.stdout ?? '');
process.stderr.write(answer.stderr ?? '');
if (answer.stays) setInterval(() => {}, 1_000);
else process.exitCode = answer.code ?? 0;
`;

/** Puts programs of these names in place, which answer as the table says. */
export async function scriptPrograms(
  names: readonly string[],
  answers: readonly ScriptedAnswer[],
): Promise<ScriptedPrograms> {
  const path = await mkdtemp(join(tmpdir(), 'domainflow-programs-'));
  await writeFile(join(path, 'answers.json'), JSON.stringify(answers));
  for (const name of names) {
    await writeFile(join(path, name), program.replace('NODE', process.execPath));
    await chmod(join(path, name), 0o755);
  }
  const signal = new AbortController().signal;
  return {
    path,
    commands: createCommands({ env: { PATH: path }, cwd: path, signal }),
    calls: async () => {
      const text = await readFile(join(path, 'calls.ndjson'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
