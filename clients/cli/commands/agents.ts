// `domainflow agents`: what reads, answers and changes.
import type { Command } from 'commander';
import type { AgentChanges, NewAgent } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { differenceLines, savedLines } from '../definition-text.ts';
import { readDocument } from '../input.ts';
import { type ListOptions, pageLimit, takeRows, wholeNumber, withListOptions } from '../list-options.ts';
import { detailLines } from '../screen/details.ts';

interface SaveOptions {
  readonly file: string;
  readonly dryRun?: boolean;
}

const one = '/api/v1/agents/{agent_id}';

/** Adds the commands. */
export function addAgents(program: Command, cli: Cli): void {
  const agents = program.command('agents').description('what reads, answers and changes');
  withListOptions(agents.command('list').description('yours and those of the platform'))
    .option('--class <class>', 'ingestion, query or management')
    .action(
      cli.action<[], ListOptions & { class?: 'ingestion' | 'query' | 'management' }>(
        async ({ api, out }, _, options) => {
          const query = { limit: pageLimit(options), ...(options.class && { agent_class: options.class }) };
          const rows = await takeRows(api.pages('/api/v1/agents', { query }), options);
          out.table(rows, [
            { title: 'AGENT', of: ({ agent_id }) => agent_id },
            { title: 'NAME', of: ({ agent_name }) => agent_name },
            { title: 'CLASS', of: ({ agent_class }) => agent_class },
            { title: 'VERSION', of: ({ version }) => version },
            { title: 'ENABLED', of: ({ enabled }) => (enabled ? 'yes' : 'no') },
            { title: 'BUILTIN', of: ({ is_inbuilt }) => (is_inbuilt ? 'yes' : '') },
          ]);
        },
      ),
    );
  agents
    .command('get')
    .description('all of an agent')
    .argument('<agent>', 'its id')
    .option('--at <version>', 'as it was in a version', wholeNumber)
    .action(
      cli.action<[string], { at?: number }>(async ({ api, out }, [agent_id], { at }) => {
        const query = at === undefined ? {} : { version: at };
        const agent = await api.get(one, { path: { agent_id }, query });
        out.result(agent, () => detailLines(agent));
      }),
    );
  addAgentSaves(agents, cli);
  addAgentVersions(agents, cli);
}

function addAgentSaves(agents: Command, cli: Cli): void {
  withFile(agents.command('create').description('define an agent')).action(
    cli.action<[], SaveOptions>(async ({ api, out, surroundings }, _, { file, dryRun }) => {
      const body = await readDocument<NewAgent>(file, surroundings);
      const saved = await api.post('/api/v1/agents', { body, ...dryRunQuery(dryRun) });
      out.result(saved, () => savedLines(saved, 'agent'));
    }),
  );
  withFile(
    agents.command('update').description('change what the file names').argument('<agent>', 'its id'),
  ).action(
    cli.action<[string], SaveOptions>(async ({ api, out, surroundings }, [agent_id], { file, dryRun }) => {
      const body = await readDocument<AgentChanges>(file, surroundings);
      const saved = await api.put(one, { path: { agent_id }, body, ...dryRunQuery(dryRun) });
      out.result(saved, () => savedLines(saved, 'agent'));
    }),
  );
  agents
    .command('delete')
    .description('delete an agent that nothing uses')
    .argument('<agent>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [agent_id]) => {
        const answer = await api.delete(one, { path: { agent_id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}

function addAgentVersions(agents: Command, cli: Cli): void {
  agents
    .command('diff')
    .description('what changed between two versions, the last two unless said otherwise')
    .argument('<agent>', 'its id')
    .option('--from <version>', 'the earlier one', wholeNumber)
    .option('--to <version>', 'the later one', wholeNumber)
    .action(
      cli.action<[string], { from?: number; to?: number }>(async ({ api, out }, [agent_id], { from, to }) => {
        const query = { ...(from && { from }), ...(to && { to }) };
        const differences = await api.get(`${one}/diff`, { path: { agent_id }, query });
        out.result(differences, () => differenceLines(differences));
      }),
    );
  agents
    .command('rollback')
    .description('make an earlier version the newest one again')
    .argument('<agent>', 'its id')
    .argument('<version>', 'the version to go back to', wholeNumber)
    .action(
      cli.action<[string, number]>(async ({ api, out }, [agent_id, version]) => {
        const saved = await api.post(`${one}/rollback`, { path: { agent_id }, body: { version } });
        out.result(saved, () => savedLines(saved, 'agent'));
      }),
    );
}

function withFile(command: Command): Command {
  return command
    .requiredOption('-f, --file <file>', 'its definition as JSON; - for standard input')
    .option('--dry-run', 'say what is wrong with it and what would run, and store nothing');
}

function dryRunQuery(dryRun: boolean | undefined): { readonly query?: { readonly validate_only: 'true' } } {
  return dryRun ? { query: { validate_only: 'true' } } : {};
}
