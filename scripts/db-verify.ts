#!/usr/bin/env node
// `npm run -s db-verify`: prints as JSON what the registry's database holds. It changes nothing.
import { readArguments } from '../local/terminal/arguments.ts';
import { reportDatabase } from '../services/registry/store/verify-database.ts';
import { withAdminClient } from './database/admin-client.ts';
import { readAdminSettings } from './database/admin-settings.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { failureSentence } from './database/failure-sentence.ts';

const usage = `Usage: npm run -s db-verify

Prints {"message", "system_tenant", "builtin_agents_count", "builtin_agents", "domains_count", "domains", "tables", "indexes", "triggers",
"left_out"} of the registry's schema. Ends with 0 when schema and builtin content are complete, else with 1.

Settings: ADMIN_DATABASE_URL, or what may stand for it: see db-init`;

await runDatabaseCommand({
  usage,
  run: async (args) => {
    readArguments(args, {});
    try {
      const { report, complete } = await withAdminClient(readAdminSettings(process.env), reportDatabase);
      printJson(report);
      return complete ? 0 : 1;
    } catch (error) {
      printJson({ message: failureSentence(error) });
      return 1;
    }
  },
});
