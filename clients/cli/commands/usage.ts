// `domainflow usage`: what models were called for, and what that cost.
import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';

interface UsageOptions {
  readonly by: 'agent' | 'domain' | 'model' | 'day';
  readonly from?: string;
  readonly to?: string;
}

/** Adds the command. */
export function addUsage(program: Command, cli: Cli): void {
  program
    .command('usage')
    .description('what models were called for, and what that cost')
    .addOption(
      new Option('--by <what>', 'summed up by').choices(['agent', 'domain', 'model', 'day']).default('agent'),
    )
    .option('--from <time>', 'from this time on, as 2026-03-01; else from the beginning of the month')
    .option('--to <time>', 'before this time')
    .action(
      cli.action<[], UsageOptions>(async ({ api, out }, _, { by, from, to }) => {
        const query = { group_by: by, ...(from && { from }), ...(to && { to }) };
        const usage = await api.get('/api/v1/usage', { query });
        if (out.isJson) return out.result(usage, () => []);
        out.note(`${usage.from} to ${usage.to}`);
        const totals = usage.totals.map((total) => ({ key: 'total', ...total }));
        out.table(
          [...usage.groups, ...totals],
          [
            { title: by.toUpperCase(), of: ({ key }) => key },
            { title: 'CALLS', of: ({ calls }) => calls },
            { title: 'INPUT', of: ({ input_tokens }) => input_tokens },
            { title: 'OUTPUT', of: ({ output_tokens }) => output_tokens },
            {
              title: 'MONEY',
              of: ({ money, currency }) => (money === null ? '' : `${money} ${currency ?? ''}`),
            },
          ],
        );
      }),
    );
}
