// `domainflow domains`: agents wired into playbooks. Estimates and gates are in domain-measures.ts.
import type { Command } from 'commander';
import type { ApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-error.ts';
import type { NewDomain } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { differenceLines, savedLines } from '../definition-text.ts';
import { readDocument } from '../input.ts';
import { type ListOptions, pageLimit, takeRows, wholeNumber, withListOptions } from '../list-options.ts';
import { detailLines } from '../screen/details.ts';
import { UsageError } from '../usage-error.ts';
import { addDomainMeasures } from './domain-measures.ts';

const one = '/api/v1/domains/{domain_id}';

/** Adds the commands. */
export function addDomains(program: Command, cli: Cli): void {
  const domains = program.command('domains').description('agents wired into playbooks');
  withListOptions(domains.command('list').description('yours and those of the platform')).action(
    cli.action<[], ListOptions>(async ({ api, out }, _, options) => {
      const rows = await takeRows(
        api.pages('/api/v1/domains', { query: { limit: pageLimit(options) } }),
        options,
      );
      out.table(rows, [
        { title: 'DOMAIN', of: ({ domain_id }) => domain_id },
        { title: 'NAME', of: ({ domain_name }) => domain_name },
        { title: 'DESCRIPTION', of: ({ description }) => description },
        { title: 'CREATED', of: ({ created_at }) => created_at },
      ]);
    }),
  );
  domains
    .command('get')
    .description('all of a domain')
    .argument('<domain>', 'its id')
    .option('--at <version>', 'as it was in a version', wholeNumber)
    .action(
      cli.action<[string], { at?: number }>(async ({ api, out }, [domain_id], { at }) => {
        const query = at === undefined ? {} : { version: at };
        const domain = await api.get(one, { path: { domain_id }, query });
        out.result(domain, () => detailLines(domain));
      }),
    );
  addDomainSaves(domains, cli);
  addDomainVersions(domains, cli);
  addDomainMeasures(domains, cli);
}

interface ApplyOptions {
  readonly file: string;
  readonly dryRun?: boolean;
}

function addDomainSaves(domains: Command, cli: Cli): void {
  domains
    .command('apply')
    .description('define a domain, or change the one of that domain_id to what the file says')
    .requiredOption('-f, --file <file>', 'its definition as JSON; - for standard input')
    .option('--dry-run', 'say what is wrong with it and what would run, and store nothing')
    .action(
      cli.action<[], ApplyOptions>(async ({ api, out, surroundings }, _, { file, dryRun }) => {
        const body = await readDocument<NewDomain>(file, surroundings);
        const { domain_id } = body;
        if (typeof domain_id !== 'string') throw new UsageError(`${file} must name the domain in domain_id`);
        const query = dryRun ? { validate_only: 'true' as const } : {};
        const saved = (await isThere(api, domain_id))
          ? await api.put(one, { path: { domain_id }, query, body })
          : await api.post('/api/v1/domains', { query, body });
        out.result(saved, () => savedLines(saved, 'domain'));
      }),
    );
  domains
    .command('delete')
    .description('delete a domain; its reports and questions stay')
    .argument('<domain>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [domain_id]) => {
        const answer = await api.delete(one, { path: { domain_id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}

async function isThere(api: ApiClient, domain_id: string): Promise<boolean> {
  try {
    await api.get(one, { path: { domain_id } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

function addDomainVersions(domains: Command, cli: Cli): void {
  domains
    .command('diff')
    .description('what changed between two versions, the last two unless said otherwise')
    .argument('<domain>', 'its id')
    .option('--from <version>', 'the earlier one', wholeNumber)
    .option('--to <version>', 'the later one', wholeNumber)
    .action(
      cli.action<[string], { from?: number; to?: number }>(
        async ({ api, out }, [domain_id], { from, to }) => {
          const query = { ...(from && { from }), ...(to && { to }) };
          const differences = await api.get(`${one}/diff`, { path: { domain_id }, query });
          out.result(differences, () => differenceLines(differences));
        },
      ),
    );
  domains
    .command('rollback')
    .description('make an earlier version the newest one again')
    .argument('<domain>', 'its id')
    .argument('<version>', 'the version to go back to', wholeNumber)
    .action(
      cli.action<[string, number]>(async ({ api, out }, [domain_id, version]) => {
        const saved = await api.post(`${one}/rollback`, { path: { domain_id }, body: { version } });
        out.result(saved, () => savedLines(saved, 'domain'));
      }),
    );
}
