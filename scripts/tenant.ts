#!/usr/bin/env node
// `npm run -s tenant`: makes a tenant, or lists all of them, past the services.
import { readArguments } from '../local/terminal/arguments.ts';
import { UsageError } from '../local/terminal/run-command.ts';
import { readNewTenant } from '../services/registry/core/new-tenant.ts';
import { createTenant, listTenants } from '../services/registry/store/tenant-admin.ts';
import { withAdminClient } from './database/admin-client.ts';
import { readAdminSettings } from './database/admin-settings.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';

const usage = `Usage: npm run -s tenant -- create --name <name> [--id <UUID>]
       npm run -s tenant -- list

  create  makes the tenant, notes it in its audit log and prints {"id", "tenant_name"}
  list    prints {"id", "tenant_name", "created_at"} of each tenant, one a line
  --name  1 to 200 characters
  --id    the tenant's id [derived from the name: the tenant that credentials with this name mean]

Settings: ADMIN_DATABASE_URL, or what may stand for it: see db-init`;

async function create(args: readonly string[]): Promise<void> {
  const { name, id } = readArguments(args, { name: { type: 'string' }, id: { type: 'string' } });
  if (name === undefined) throw new UsageError('--name is required');
  const tenant = readNewTenant({ name, id });
  await withAdminClient(readAdminSettings(process.env), (client) => createTenant(client, tenant));
  printJson({ id: tenant.id, tenant_name: tenant.name });
}

async function list(args: readonly string[]): Promise<void> {
  readArguments(args, {});
  await withAdminClient(readAdminSettings(process.env), async (client) => {
    for await (const tenant of listTenants(client)) process.stdout.write(`${JSON.stringify(tenant)}\n`);
  });
}

await runDatabaseCommand({
  usage,
  run: async ([verb, ...args]) => {
    if (verb === 'create') await create(args);
    else if (verb === 'list') await list(args);
    else throw new UsageError(`The first word must be create or list${verb ? `, not "${verb}"` : ''}`);
    return 0;
  },
});
