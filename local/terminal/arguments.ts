// Arguments and settings of the local commands, read with a plain sentence for whatever is wrong.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './run-command.ts';

/** The values of the options; UsageError for an unknown option, a missing value or a word too many. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ options: T; args: string[] }>>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw new UsageError(sentence.split('. ')[0] ?? sentence);
  }
}

/** The port in a setting, 0 to 65535; `absent` when it is not set. */
export function readPort(text: string | undefined, absent: number): number {
  if (text === undefined || text === '') return absent;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`PORT must be a number from 0 to 65535, not "${text}"`);
}
