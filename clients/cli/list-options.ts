// Options of commands that list: how many rows, of how many there are.
import { type Command, InvalidArgumentError } from 'commander';

/** How much of a list is wanted. */
export interface ListOptions {
  readonly limit: number;
  readonly all?: boolean;
}

/** Rows that one request may ask for. */
const pageMax = 100;

/** Adds `--limit` and `--all`. */
export function withListOptions(command: Command): Command {
  return command
    .option('-n, --limit <count>', 'rows to show', wholeNumber, 20)
    .option('-a, --all', 'every row');
}

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** The size of the pages to ask for. */
export function pageLimit({ limit, all }: ListOptions): number {
  return all === true ? pageMax : Math.min(limit, pageMax);
}

/** The rows that are wanted; no more pages are read than these take. */
export async function takeRows<R>(
  rows: AsyncIterable<R>,
  { limit, all }: ListOptions,
): Promise<readonly R[]> {
  const taken: R[] = [];
  for await (const row of rows) {
    taken.push(row);
    if (all !== true && taken.length >= limit) break;
  }
  return taken;
}
