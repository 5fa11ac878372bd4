// `domainflow tasks`: work that workers are given.
import { type Command, Option } from 'commander';
import type { CreateTaskBody, ListTasksQuery } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { type ListOptions, takeRows, withListOptions } from '../list-options.ts';
import { offsetRows } from '../offset-rows.ts';
import { detailLines } from '../screen/details.ts';

interface TaskFilter extends ListOptions {
  readonly status?: ListTasksQuery['status'];
  readonly workflow?: string;
  readonly worker?: string;
  readonly sort?: ListTasksQuery['sort_by'];
  readonly ascending?: boolean;
}

interface NewTask {
  readonly file: string;
  readonly dispatch?: boolean;
}

const one = '/api/v2/tasks/{task_id}';

/** Adds the commands. */
export function addWorkTasks(program: Command, cli: Cli): void {
  const tasks = program.command('tasks').description('work that workers are given');
  addReads(tasks, cli);
  tasks
    .command('create')
    .description('make a task; it waits to be executed or assigned')
    .requiredOption('-f, --file <file>', 'what it is as JSON; - for standard input')
    .option('--dispatch', 'give it to whichever worker fits')
    .action(
      cli.action<[], NewTask>(async ({ api, out, surroundings }, _, { file, dispatch }) => {
        const document = await readDocument<CreateTaskBody>(file, surroundings);
        const body = { ...document, ...(dispatch === true && { auto_dispatch: true }) };
        const answer = await api.post('/api/v2/tasks', { body });
        out.result(answer, () => [`${answer.message}: ${answer.task_id}.`]);
      }),
    );
  addSteering(tasks, cli);
}

function addReads(tasks: Command, cli: Cli): void {
  withListOptions(tasks.command('list').description('those of the highest priority first'))
    .addOption(
      new Option('--status <status>', 'where they stand').choices([
        ...['pending', 'running', 'completed', 'failed', 'cancelled'],
      ]),
    )
    .option('--workflow <workflow>', 'of one workflow alone')
    .option('--worker <worker>', 'that one worker has or had last')
    .addOption(
      new Option('--sort <field>', 'by what').choices(['created_at', 'priority', 'status', 'name', 'type']),
    )
    .option('--ascending', 'the smallest first')
    .action(
      cli.action<[], TaskFilter>(async ({ api, out }, _, options) => {
        const { status, workflow, worker, sort, ascending } = options;
        const filters = {
          ...{ ...(status && { status }), ...(sort && { sort_by: sort }) },
          ...{ ...(workflow && { workflow_id: workflow }), ...(worker && { agent_id: worker }) },
          ...(ascending === true && { sort_order: 'asc' as const }),
        };
        const parts = offsetRows(options, async (part) => {
          const found = await api.get('/api/v2/tasks', { query: { ...filters, ...part } });
          return { rows: found.tasks, total: found.total_count };
        });
        out.table(await takeRows(parts, options), [
          { title: 'TASK', of: ({ id }) => id },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'TYPE', of: ({ type }) => type },
          { title: 'STATUS', of: ({ state }) => state },
          { title: 'PRIORITY', of: ({ priority }) => priority },
          { title: 'WORKER', of: ({ assigned_agent_id }) => assigned_agent_id },
          { title: 'ERROR', of: ({ error_message }) => error_message },
        ]);
      }),
    );
  tasks
    .command('get')
    .description('all of a task')
    .argument('<task>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [task_id]) => {
        const task = await api.get(one, { path: { task_id } });
        out.result(task, () => detailLines(task));
      }),
    );
}

function addSteering(tasks: Command, cli: Cli): void {
  tasks
    .command('assign')
    .description('give a task to a worker')
    .argument('<task>', 'its id')
    .argument('<worker>', 'id of the worker')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [task_id, agent_id]) => {
        const answer = await api.post(`${one}/assign/{agent_id}`, { path: { task_id, agent_id } });
        out.result(answer, () => [`${answer.message}.`]);
      }),
    );
  tasks
    .command('execute')
    .description('let a task be given to whichever worker fits')
    .argument('<task>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [task_id]) => {
        const answer = await api.post(`${one}/execute`, { path: { task_id } });
        out.result(answer, () => [`${answer.message}.`]);
      }),
    );
  tasks
    .command('cancel')
    .description('end a task')
    .argument('<task>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [task_id]) => {
        const answer = await api.delete(one, { path: { task_id } });
        out.result(answer, () => [`${answer.message}.`]);
      }),
    );
}
