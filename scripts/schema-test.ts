#!/usr/bin/env node
// `npm run -s schema-test`: holds the registry's schema against what it must be, check by check. It changes nothing.
import { styleText } from 'node:util';
import { readArguments } from '../local/terminal/arguments.ts';
import type { SchemaCheck } from '../services/registry/store/verify-checks.ts';
import { testSchema } from '../services/registry/store/verify-database.ts';
import { withAdminClient } from './database/admin-client.ts';
import { readAdminSettings } from './database/admin-settings.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { failureSentence } from './database/failure-sentence.ts';

const usage = `Usage: npm run -s schema-test -- [--json]

Prints a line for each check, then how many passed. Ends with 0 when none failed, else with 1. What a server without PostGIS may leave
out is skipped, which is not passed.

  --json  prints {"passed", "failed", "skipped", "success_rate", "checks"} instead

Settings: ADMIN_DATABASE_URL, or what may stand for it: see db-init`;

const looks = {
  passed: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  skipped: { mark: '-', colour: 'yellow' },
} as const;

/** The checks of the database; one that cannot be reached fails its first. */
async function runChecks(): Promise<readonly SchemaCheck[]> {
  try {
    return await withAdminClient(readAdminSettings(process.env), testSchema);
  } catch (error) {
    const detail = failureSentence(error);
    return [{ kind: 'connection', name: 'PostgreSQL', status: 'failed', detail }];
  }
}

function summarize(checks: readonly SchemaCheck[]) {
  const count = (status: SchemaCheck['status']) => checks.filter((check) => check.status === status).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  return { passed, failed, skipped, success_rate: Math.floor((1_000 * passed) / (passed + failed)) / 10 };
}

function lineOf({ kind, name, status, detail }: SchemaCheck): string {
  const { mark, colour } = looks[status];
  const text = `${mark} ${kind} ${name}${detail === '' ? '' : `: ${detail}`}`;
  return styleText(colour, text, { stream: process.stdout });
}

await runDatabaseCommand({
  usage,
  run: async (args) => {
    const { json } = readArguments(args, { json: { type: 'boolean', default: false } });
    const checks = await runChecks();
    const summary = summarize(checks);
    const { passed, failed, skipped, success_rate } = summary;
    if (json) printJson({ ...summary, checks });
    else {
      const sums = `${passed} passed, ${failed} failed, ${skipped} skipped: ${success_rate.toFixed(1)} %`;
      const total = styleText(looks[failed > 0 ? 'failed' : 'passed'].colour, sums, {
        stream: process.stdout,
      });
      process.stdout.write(`${checks.map(lineOf).join('\n')}\n\n${total}\n`);
    }
    return failed === 0 ? 0 : 1;
  },
});
