#!/usr/bin/env node
// `npm run -s restore-drill`: shows on the embedded databases that what was backed up comes back, and how long that takes.
import { rm } from 'node:fs/promises';
import { temporaryFolder } from '../local/databases/databases.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { runCommand, UsageError } from '../local/terminal/run-command.ts';
import { printJson } from './database/command-line.ts';
import { restoreDrill } from './drill/restore-drill.ts';

const reportsMax = 1_000;

const usage = `Usage: npm run -s restore-drill -- [--reports N]

Starts a mesh of its own, takes reports in, takes a base backup while more come in, deletes reports and drops a schema, and restores everything to
the moment before from the backups alone. Compares what users read before and after and prints the figures as JSON; ends with 0 when all of it is
as it was, else with 1.

  --reports  reports before the backup, and as many while it is taken, 1 to ${reportsMax} [15]`;

async function run(signal: AbortSignal): Promise<number> {
  const { reports = '15', help } = readArguments(process.argv.slice(2), {
    reports: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const count = /^\d{1,4}$/.test(reports) ? Number(reports) : 0;
  if (count < 1 || count > reportsMax) throw new UsageError(`--reports must be 1 to ${reportsMax}`);
  const folder = await temporaryFolder();
  const onStep = (step: string): void => void process.stderr.write(`${step}\n`);
  try {
    const result = await restoreDrill({ folder, reports: count, signal, onStep });
    printJson(result);
    return result.different.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runCommand({ name: 'The drill', usage, run });
