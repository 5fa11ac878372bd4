// `domainflow audit`: who wrote, started, steered, decided and deleted what.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';

interface AuditOptions extends ListOptions {
  readonly operation?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the command. */
export function addAudit(program: Command, cli: Cli): void {
  withListOptions(
    program.command('audit').description('who wrote, started, decided and deleted what, the newest first'),
  )
    .option('--operation <word>', 'of one operation alone, such as create')
    .option('--type <word>', 'on one type of object alone, such as agent')
    .option('--from <time>', 'from this time on, as 2026-03-01')
    .option('--to <time>', 'before this time')
    .action(
      cli.action<[], AuditOptions>(async ({ api, out }, _, options) => {
        const { operation, type, from, to } = options;
        const query = {
          limit: pageLimit(options),
          ...(operation && { operation_type: operation }),
          ...(type && { entity_type: type }),
          ...(from && { from }),
          ...(to && { to }),
        };
        const rows = await takeRows(api.pages('/api/v1/audit', { query }), options);
        out.table(rows, [
          { title: 'TIME', of: ({ timestamp }) => timestamp },
          { title: 'OPERATION', of: ({ operation_type }) => operation_type },
          { title: 'TYPE', of: ({ entity_type }) => entity_type },
          { title: 'OBJECT', of: ({ entity_id }) => entity_id },
          { title: 'STATUS', of: ({ status }) => status },
          { title: 'USER', of: ({ user_id }) => user_id },
          { title: 'MESSAGE', of: ({ message }) => message },
        ]);
      }),
    );
}
