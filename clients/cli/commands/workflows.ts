// `domainflow workflows`: graphs of tasks, run once, often or by a schedule.
import { type Command, Option } from 'commander';
import type { CreateWorkflowBody, ListWorkflowsQuery } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { type ListOptions, takeRows, withListOptions } from '../list-options.ts';
import { offsetRows } from '../offset-rows.ts';
import { detailLines } from '../screen/details.ts';
import { watchRun } from '../watch-run.ts';

interface WorkflowFilter extends ListOptions {
  readonly status?: ListWorkflowsQuery['status'];
  readonly user?: string;
}

interface NewWorkflow {
  readonly file: string;
  readonly start?: boolean;
}

const one = '/api/v2/workflows/{workflow_id}';

/** Adds the commands. */
export function addWorkflows(program: Command, cli: Cli): void {
  const workflows = program.command('workflows').description('graphs of tasks');
  addReads(workflows, cli);
  workflows
    .command('create')
    .description('make a workflow')
    .requiredOption('-f, --file <file>', 'its tasks and what is said of it, as JSON; - for standard input')
    .option('--start', 'execute it at once')
    .action(
      cli.action<[], NewWorkflow>(async ({ api, out, surroundings }, _, { file, start }) => {
        const document = await readDocument<CreateWorkflowBody>(file, surroundings);
        const body = { ...document, ...(start === true && { start: true }) };
        const answer = await api.post('/api/v2/workflows', { body });
        out.result(answer, () => [`${answer.message}: ${answer.workflow_id}.`]);
      }),
    );
  addSteering(workflows, cli);
}

function addReads(workflows: Command, cli: Cli): void {
  withListOptions(workflows.command('list').description('the newest first'))
    .addOption(
      new Option('--status <status>', 'where they stand').choices([
        ...['created', 'scheduled', 'running', 'completed', 'failed', 'cancelled'],
      ]),
    )
    .option('--user <user>', 'for whom they are')
    .action(
      cli.action<[], WorkflowFilter>(async ({ api, out }, _, options) => {
        const { status, user } = options;
        const filters = { ...(status && { status }), ...(user && { user_id: user }) };
        const parts = offsetRows(options, async (part) => {
          const found = await api.get('/api/v2/workflows', { query: { ...filters, ...part } });
          return { rows: found.workflows, total: found.total_count };
        });
        out.table(await takeRows(parts, options), [
          { title: 'WORKFLOW', of: ({ id }) => id },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'STATUS', of: ({ status: state }) => state },
          { title: 'TASKS', of: ({ task_count }) => task_count },
          { title: 'NEXT', of: ({ next_fire_at }) => next_fire_at },
          { title: 'RUN', of: ({ job_id }) => job_id },
        ]);
      }),
    );
  workflows
    .command('get')
    .description('all of a workflow with its tasks')
    .argument('<workflow>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [workflow_id]) => {
        const workflow = await api.get(one, { path: { workflow_id } });
        out.result(workflow, () => detailLines(workflow));
      }),
    );
}

function addSteering(workflows: Command, cli: Cli): void {
  workflows
    .command('execute')
    .alias('run')
    .description('execute a workflow')
    .argument('<workflow>', 'its id')
    .option('--watch', 'follow it to its end; status 1 when it fails')
    .action(
      cli.action<[string], { watch?: boolean }>(async (frame, [workflow_id], { watch }) => {
        const answer = await frame.api.post(`${one}/execute`, { path: { workflow_id } });
        if (watch === true) return watchRun(frame, answer.job_id);
        frame.out.result(answer, () => [`${answer.message} as ${answer.job_id}.`]);
      }),
    );
  workflows
    .command('cancel')
    .description('end the execution that is under way, and the schedule')
    .argument('<workflow>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [workflow_id]) => {
        const answer = await api.delete(one, { path: { workflow_id } });
        out.result(answer, () => [`${answer.message}.`]);
      }),
    );
}
