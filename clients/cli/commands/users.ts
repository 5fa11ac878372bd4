// `domainflow users`: the people of the tenant, and its keys, by the ids that teams have as members.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';

/** Adds the commands. */
export function addUsers(program: Command, cli: Cli): void {
  const users = program.command('users').description('people of the tenant');
  withListOptions(
    users.command('list').description('who has been here, with the ids that teams take'),
  ).action(
    cli.action<[], ListOptions>(async ({ api, out }, _, options) => {
      const query = { limit: pageLimit(options) };
      const rows = await takeRows(api.pages('/api/v1/users', { query }), options);
      out.table(rows, [
        { title: 'USER', of: ({ id }) => id },
        { title: 'NAME', of: ({ username }) => username },
      ]);
    }),
  );
}
