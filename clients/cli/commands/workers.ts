// `domainflow workers`: remote processes that take tasks.
import { type Command, Option } from 'commander';
import type { ListWorkersQuery, RegisterWorkerBody, UpdateWorkerBody } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { type ListOptions, takeRows, withListOptions } from '../list-options.ts';
import { offsetRows } from '../offset-rows.ts';
import { detailLines } from '../screen/details.ts';

interface WorkerFilter extends ListOptions {
  readonly type?: ListWorkersQuery['type'];
  readonly status?: ListWorkersQuery['status'];
  readonly capability?: string;
}

const one = '/api/v2/agents/{agent_id}';

/** Adds the commands. */
export function addWorkers(program: Command, cli: Cli): void {
  const workers = program.command('workers').description('remote processes that take tasks');
  addReads(workers, cli);
  addWrites(workers, cli);
  addBulk(workers, cli);
  workers
    .command('status')
    .description('how many workers, tasks and workflows there are, and what waits')
    .action(
      cli.action(async ({ api, out }) => {
        const status = await api.get('/api/v2/status');
        out.result(status, () => detailLines(status));
      }),
    );
}

function addReads(workers: Command, cli: Cli): void {
  withListOptions(workers.command('list').description('the newest first'))
    .option('--type <type>', 'such as detector or analyzer')
    .addOption(new Option('--status <status>', 'which').choices(['active', 'inactive', 'all']))
    .option('--capability <capability>', 'those that have it')
    .action(
      cli.action<[], WorkerFilter>(async ({ api, out }, _, options) => {
        const { type, status, capability } = options;
        const filters = {
          ...(type && { type }),
          ...(status && { status }),
          ...(capability && { capability }),
        };
        const parts = offsetRows(options, async (part) => {
          const found = await api.get('/api/v2/agents', { query: { ...filters, ...part } });
          return { rows: found.agents, total: found.total_count };
        });
        out.table(await takeRows(parts, options), [
          { title: 'WORKER', of: ({ id }) => id },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'TYPE', of: ({ type: kind }) => kind },
          { title: 'STATUS', of: ({ status: state, is_active }) => (is_active ? state : 'removed') },
          { title: 'TASKS', of: ({ running_tasks }) => running_tasks },
          { title: 'CAPABILITIES', of: ({ capabilities }) => capabilities.join(' ') },
          { title: 'LAST SEEN', of: ({ last_seen }) => last_seen },
        ]);
      }),
    );
  workers
    .command('get')
    .description('all of a worker')
    .argument('<worker>', 'its id')
    .option('--tasks', 'with its tasks')
    .action(
      cli.action<[string], { tasks?: boolean }>(async ({ api, out }, [agent_id], { tasks = false }) => {
        const query = { include_tasks: tasks ? ('true' as const) : ('false' as const) };
        const worker = await api.get(one, { path: { agent_id }, query });
        out.result(worker, () => detailLines(worker));
      }),
    );
}

function addWrites(workers: Command, cli: Cli): void {
  workers
    .command('register')
    .description('register a worker, or bring the one of its name and endpoint up to date')
    .requiredOption('-f, --file <file>', 'what it says of itself as JSON; - for standard input')
    .action(
      cli.action<[], { file: string }>(async ({ api, out, surroundings }, _, { file }) => {
        const body = await readDocument<RegisterWorkerBody>(file, surroundings);
        const answer = await api.post('/api/v2/agents/register', { body });
        out.result(answer, () => [`${answer.message} as ${answer.agent_id}.`]);
      }),
    );
  workers
    .command('update')
    .description('change what the file names')
    .argument('<worker>', 'its id')
    .requiredOption('-f, --file <file>', 'what changes, as JSON; - for standard input')
    .action(
      cli.action<[string], { file: string }>(async ({ api, out, surroundings }, [agent_id], { file }) => {
        const body = await readDocument<UpdateWorkerBody>(file, surroundings);
        const worker = await api.put(one, { path: { agent_id }, body });
        out.result(worker, () => detailLines(worker));
      }),
    );
  workers
    .command('remove')
    .description('end a worker; its tasks are given to others')
    .argument('<worker>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [agent_id]) => {
        const answer = await api.delete(one, { path: { agent_id } });
        out.result(answer, () => [`${answer.message}; tasks given to others: ${answer.returned_tasks}.`]);
      }),
    );
}

function addBulk(workers: Command, cli: Cli): void {
  const verbs = {
    activate: 'make workers idle',
    deactivate: 'make workers offline until they are activated; their tasks are given to others',
    reset: 'make workers idle and give their tasks to others',
  } as const;
  for (const verb of ['activate', 'deactivate', 'reset'] as const) {
    workers
      .command(verb)
      .description(verbs[verb])
      .argument('<worker...>', 'their ids')
      .action(
        cli.action<[string[]]>(async ({ api, out }, [agent_ids]) => {
          const operation = verb === 'reset' ? 'reset_status' : verb;
          const path = { operation } as const;
          const answer = await api.post('/api/v2/agents/bulk/{operation}', { path, body: { agent_ids } });
          out.result(answer, () => [
            `Done for ${answer.updated_count} of ${answer.total_agents}.`,
            ...answer.errors.map(({ agent_id, message }) => `${agent_id}: ${message}`),
          ]);
        }),
      );
  }
}
