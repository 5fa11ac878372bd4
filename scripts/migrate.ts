#!/usr/bin/env node
// `npm run -s migrate`: makes, checks and drops the tables of workers, tasks and workflows, and imports what was kept of them in Redis.
import { readArguments } from '../local/terminal/arguments.ts';
import { UsageError } from '../local/terminal/run-command.ts';
import { tenantIdOf } from '../services/registry/core/new-tenant.ts';
import { readAdminSettings } from './database/admin-settings.ts';
import { runDatabaseCommand } from './database/command-line.ts';
import { importRedis, readImportSettings } from './migrate/import-redis.ts';
import { legacyKinds } from './migrate/legacy-record.ts';
import {
  type ActionDeps,
  checkTables,
  createTables,
  dropTables,
  setUpTables,
} from './migrate/table-actions.ts';
import { typedLine } from './migrate/typed-line.ts';

const usage = `Usage: npm run -s migrate -- --create | --check | --setup | --all | --drop
       npm run -s migrate -- --migrate --tenant <UUID or name>

  --create   brings the orchestrator's schema to the newest migration: tables and indexes of workers, tasks and workflows with it, also
             after --drop. The roles must be there: db-init makes them
  --check    names workers, tasks, workflows, orchestration_logs and service_health, and whether each is there; ends with 1 if one is missing
  --setup    writes a row of service_health for each service: unknown until it is first checked
  --all      --create, then --setup
  --drop     drops the tables of the worker API with what they hold after yes is typed; anything else cancels and ends with 1. Executions,
             their journals and the audit log stay
  --migrate  imports agents, tasks and workflows from Redis for one tenant, from hashes agents, tasks and workflows of id to JSON and from
             a hash for each object, agents:<id> and so on. What is there already is skipped. Prints how many were read, inserted,
             skipped and failed, and each that failed with everything that is wrong; ends with 1 if one did
  --tenant   the tenant's UUID, or its name as credentials say it

Exactly one of them; without any this text. Repeating is safe. Ends with 0, or with 1 when it could not be done.

Settings: ADMIN_DATABASE_URL, or what may stand for it: see db-init. For --migrate instead REDIS_URL (redis: or rediss:), the DATABASE_URL of
the orchestrator, or what may stand for it, and its WORKER_NETWORKS`;

const actions = {
  create: createTables,
  check: checkTables,
  setup: setUpTables,
  all: async (deps: ActionDeps) => (await createTables(deps)) && (await setUpTables(deps)),
  drop: (deps: ActionDeps) => dropTables(deps, () => typedLine(process.stdin)),
};

async function importAll(tenant: string): Promise<number> {
  const complain = (line: string): void => void process.stderr.write(`${line}\n`);
  const counts = await importRedis(readImportSettings(process.env), tenantIdOf(tenant), complain);
  for (const kind of legacyKinds) {
    const { read, inserted, skipped, failed } = counts[kind];
    tell(`${kind}: ${read} read, ${inserted} inserted, ${skipped} skipped, ${failed} failed`);
  }
  return legacyKinds.every((kind) => counts[kind].failed === 0) ? 0 : 1;
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

interface Chosen {
  readonly action: keyof typeof actions | 'migrate' | undefined;
  readonly tenant: string | undefined;
}

function readChosen(args: readonly string[]): Chosen {
  const flag = { type: 'boolean', default: false } as const;
  const flags = { create: flag, check: flag, setup: flag, all: flag, drop: flag, migrate: flag };
  const chosen = readArguments(args, { ...flags, tenant: { type: 'string' } });
  const { tenant } = chosen;
  const names = Object.keys(flags) as (keyof typeof flags)[];
  const [action, other] = names.filter((each) => chosen[each]);
  if (other !== undefined) throw new UsageError(`--${action} and --${other} cannot be given together`);
  if (action === 'migrate' && !tenant) throw new UsageError('--migrate needs --tenant');
  if (action !== 'migrate' && tenant !== undefined) throw new UsageError('--tenant belongs to --migrate');
  return { action, tenant };
}

await runDatabaseCommand({
  usage,
  run: async (args) => {
    const { action, tenant = '' } = readChosen(args);
    if (action === undefined) {
      tell(usage);
      return 0;
    }
    if (action === 'migrate') return importAll(tenant);
    const admin = readAdminSettings(process.env);
    return (await actions[action]({ admin, tell })) ? 0 : 1;
  },
});
