// `domainflow approvals`: decisions that runs wait for.
import { type Command, Option } from 'commander';
import type { ListApprovalsQuery } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { detailLines } from '../screen/details.ts';

interface ApprovalOptions extends ListOptions {
  readonly status: NonNullable<ListApprovalsQuery['status']>;
  readonly run?: string;
}

const statuses = ['waiting', 'approved', 'rejected', 'expired', 'cancelled'];

/** Adds the commands. */
export function addApprovals(program: Command, cli: Cli): void {
  const approvals = program.command('approvals').description('decisions that runs wait for');
  withListOptions(approvals.command('list').description('those that wait, unless said otherwise'))
    .addOption(new Option('--status <status>', 'where they stand').choices(statuses).default('waiting'))
    .option('--run <job>', 'of one run alone')
    .action(
      cli.action<[], ApprovalOptions>(async ({ api, out }, _, options) => {
        const { status, run } = options;
        const query = { limit: pageLimit(options), status, ...(run && { job_id: run }) };
        const rows = await takeRows(api.pages('/api/v1/approvals', { query }), options);
        out.table(rows, [
          { title: 'RUN', of: ({ job_id }) => job_id },
          { title: 'TASK', of: ({ task_id }) => task_id },
          { title: 'STATUS', of: ({ status }) => status },
          { title: 'PROMPT', of: ({ prompt }) => prompt },
          { title: 'UNTIL', of: ({ expires_at }) => expires_at },
        ]);
      }),
    );
  approvals
    .command('get')
    .description('what is asked, and what it rests on')
    .argument('<job>', 'id of the run')
    .argument('<task>', 'id of the task')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [job_id, task_id]) => {
        const path = { job_id, task_id };
        const approval = await api.get('/api/v1/executions/{job_id}/tasks/{task_id}/approval', { path });
        out.result(approval, () => detailLines(approval));
      }),
    );
  for (const verb of ['approve', 'reject'] as const) {
    approvals
      .command(verb)
      .description(verb === 'approve' ? 'let the run go on' : 'let the task fail')
      .argument('<job>', 'id of the run')
      .argument('<task>', 'id of the task')
      .option('--comment <text>', 'why')
      .action(
        cli.action<[string, string], { comment?: string }>(
          async ({ api, out }, [job_id, task_id], { comment }) => {
            const init = { path: { job_id, task_id }, body: { comment: comment ?? '' } };
            const approval = await api.post(`/api/v1/executions/{job_id}/tasks/{task_id}/${verb}`, init);
            out.result(approval, () => [`${approval.task_id} of ${approval.job_id} is ${approval.status}.`]);
          },
        ),
      );
  }
}
