#!/usr/bin/env node
// `npm run -s db-init`: prepares PostgreSQL for the services and prints one JSON object. It makes no database and no DynamoDB table.
import { ConfigError } from '../foundation/config/reader.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { type InitSettings, readInitSettings } from './database/admin-settings.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { type InitAnswer, initDatabase } from './database/init-database.ts';

const usage = `Usage: npm run -s db-init -- [--seed]

Makes roles, schemas, tables, indexes and triggers of registry, reports and orchestrator, and sets the roles' passwords. Repeating it is safe.
Prints {"status": 200, …} and ends with 0, or {"status": 500, "error": …} and ends with 1.

  --seed  loads the builtin agents, tools and the sample domain too; what is there stays as it is

Settings: ADMIN_DATABASE_URL (or ADMIN_DATABASE_URL_FILE, ADMIN_DB_SECRET_ARN, or DB_HOST with ADMIN_DB_USER and ADMIN_DB_PASSWORD), and
the passwords REGISTRY_DB_PASSWORD, REPORTS_DB_PASSWORD, ORCHESTRATOR_DB_PASSWORD and ENGINE_DB_PASSWORD (or …_FILE, or …_DB_SECRET_ARN)`;

async function init(seed: boolean): Promise<InitAnswer> {
  let settings: InitSettings;
  try {
    settings = readInitSettings(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { status: 500, error: error.message, schema_created: false, data_seeded: false };
  }
  return initDatabase(settings, { seed });
}

await runDatabaseCommand({
  usage,
  run: async (args) => {
    const { seed } = readArguments(args, { seed: { type: 'boolean', default: false } });
    const answer = await init(seed);
    printJson(answer);
    return answer.status === 200 ? 0 : 1;
  },
});
