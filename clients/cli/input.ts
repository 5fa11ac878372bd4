// What a command is given to send: from a file, or from standard input where the name is "-".
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Surroundings } from './cli.ts';
import { UsageError } from './usage-error.ts';

/** The JSON object in a file, taken for what the API wants: what is wrong with it the API says. UsageError when there is none. */
export async function readDocument<T extends object>(file: string, { stdin }: Surroundings): Promise<T> {
  const name = file === '-' ? 'standard input' : file;
  const text = await readText(file, { stdin });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  throw new UsageError(`${name} must hold a JSON object`);
}

/** The text of a file. */
export async function readText(file: string, { stdin }: Pick<Surroundings, 'stdin'>): Promise<string> {
  if (file !== '-') return readFile(file, 'utf8').catch((error) => unreadable(file, error));
  if (stdin.isTTY === true) throw new UsageError('Nothing comes on standard input: pipe something into it');
  const pieces: Uint8Array[] = await Array.fromAsync(stdin);
  return Buffer.concat(pieces).toString('utf8');
}

/** The bytes of a file, piece by piece. */
export async function* readBytes(
  file: string,
  { stdin }: Pick<Surroundings, 'stdin'>,
): AsyncGenerator<Uint8Array, void> {
  if (file === '-') {
    if (stdin.isTTY === true) throw new UsageError('Nothing comes on standard input: pipe something into it');
    yield* stdin;
    return;
  }
  try {
    yield* createReadStream(file);
  } catch (error) {
    unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  throw new UsageError(`${file} cannot be read (${code})`);
}
