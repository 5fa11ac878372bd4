// `domainflow settings`: where the tenant is at home, the places that it knows by name, its time zone, and what its models may cost.
import type { Command } from 'commander';
import type { PutTenantSettingsBody } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { detailLines } from '../screen/details.ts';

const path = '/api/v1/tenant/settings';

/** Adds the commands. */
export function addSettings(program: Command, cli: Cli): void {
  const settings = program.command('settings').description('of the tenant: home, places, time zone, budgets');
  settings
    .command('get')
    .description('all of them; with --json as `settings set` takes them')
    .action(
      cli.action(async ({ api, out }) => {
        const found = await api.get(path);
        out.result(found, () => detailLines(found));
      }),
    );
  settings
    .command('set')
    .description('replace all of them: what the file does not name is removed')
    .requiredOption('-f, --file <file>', 'the settings as JSON; - for standard input')
    .action(
      cli.action<[], { file: string }>(async ({ api, out, surroundings }, _, { file }) => {
        const body = await readDocument<PutTenantSettingsBody>(file, surroundings);
        const stored = await api.put(path, { body });
        out.result(stored, () => ['The settings are stored.', ...detailLines(stored)]);
      }),
    );
}
