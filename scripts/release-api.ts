#!/usr/bin/env node
// Keeps the description of the API that clients rely on, `gateway/openapi/released.json`, and compares the present one with it. Without an
// argument it writes the present one, unless that breaks clients: then `--accept-breaking` is needed. With `--check` it writes nothing. What was
// added since is relied on once it has been written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedApi } from '../gateway/routes/described-api.ts';
import { apiChanges } from './api/api-changes.ts';
import type { Schema } from './api/schema-variants.ts';

const flags = { check: '--check', accept: '--accept-breaking' };

/** Where the released description is. */
export const releasedFile = join(import.meta.dirname, '..', 'gateway', 'openapi', 'released.json');

/** The document as text that depends on what it says alone: the names of members in order, a line each. */
export function releasedText(document: Schema): string {
  return `${JSON.stringify(inOrder(document), null, 1)}\n`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

/** What a comparison says. */
export interface ReleaseReport {
  readonly isBreaking: boolean;
  /** A sentence each; for breaking changes also what to do. */
  readonly lines: readonly string[];
}

/** What clients of the released description would notice of the present one. */
export function releaseReport(released: Schema, present: Schema): ReleaseReport {
  const changes = apiChanges({ before: released, after: present });
  const told = (isBreaking: boolean, word: string) =>
    changes
      .filter((change) => change.isBreaking === isBreaking)
      .map(({ where, what }) => `${word}: ${where}: ${what}`);
  const breaking = told(true, 'breaks clients');
  const advice =
    'If this is meant, run `npm run release-api -- --accept-breaking`, tell it in CHANGELOG.md, and commit both.';
  return {
    isBreaking: breaking.length > 0,
    lines: [...told(false, 'to be borne'), ...breaking, ...(breaking.length > 0 ? [advice] : [])],
  };
}

/** What a release needs. */
export interface ReleaseDeps {
  /** Path of the released description. */
  readonly file: string;
  /** The present one. */
  readonly describe: () => Promise<Schema>;
  readonly write: (text: string) => void;
}

/** Compares or writes as the arguments say; the answer is the exit code. */
export async function releaseApi(
  args: readonly string[],
  { file, describe, write }: ReleaseDeps,
): Promise<number> {
  const unknown = args.filter((arg) => !Object.values(flags).includes(arg));
  if (unknown.length > 0) {
    write(`Unknown: ${unknown.join(' ')}; there are ${Object.values(flags).join(' and ')}\n`);
    return 1;
  }
  const isCheck = args.includes(flags.check);
  if (isCheck && !existsSync(file)) {
    write(`There is no ${file}; run \`npm run release-api\`\n`);
    return 1;
  }
  const present = await describe();
  const released = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { paths: {} };
  const { isBreaking, lines } = releaseReport(released, present);
  for (const line of lines) write(`${line}\n`);
  if (isBreaking && (isCheck || !args.includes(flags.accept))) return 1;
  if (!isCheck) writeFileSync(file, releasedText(present));
  return 0;
}

if (import.meta.main) {
  const write = (text: string) => void process.stdout.write(text);
  process.exitCode = await releaseApi(process.argv.slice(2), {
    file: releasedFile,
    describe: describedApi,
    write,
  });
}
