// `domainflow executions`: what ran and runs, and how to steer it.
import { type Command, Option } from 'commander';
import type { ListExecutionsQuery } from '../../api/gen/api-types.ts';
import type { Cli, Frame } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { runLines } from '../run-tree.ts';
import { UsageError } from '../usage-error.ts';
import { watchRun } from '../watch-run.ts';

interface RunFilter extends ListOptions {
  readonly kind?: ListExecutionsQuery['kind'];
  readonly status?: ListExecutionsQuery['status'];
  readonly domain?: string;
}

interface RerunOptions {
  readonly mode: 'failed' | 'from' | 'all';
  readonly task?: string;
  readonly latest?: boolean;
  readonly preview?: boolean;
  readonly watch?: boolean;
}

const one = '/api/v1/executions/{job_id}';

/** Adds the commands. */
export function addExecutions(program: Command, cli: Cli): void {
  const runs = program
    .command('executions')
    .alias('runs')
    .description('what ran and runs, and how to steer it');
  withListOptions(runs.command('list').description('the newest first'))
    .option('--kind <kind>', 'such as ingest, query or management')
    .option('--status <status>', 'such as running or failed')
    .option('--domain <domain>', 'of one domain alone')
    .action(
      cli.action<[], RunFilter>(async ({ api, out }, _, options) => {
        const { kind, status, domain } = options;
        const filters = {
          ...(kind && { kind }),
          ...(status && { status }),
          ...(domain && { domain_id: domain }),
        };
        const query = { limit: pageLimit(options), ...filters };
        const rows = await takeRows(api.pages('/api/v1/executions', { query }), options);
        out.table(rows, [
          { title: 'RUN', of: ({ job_id }) => job_id },
          { title: 'KIND', of: ({ kind }) => kind },
          { title: 'STATUS', of: ({ status }) => status },
          { title: 'DOMAIN', of: ({ domain_id }) => domain_id },
          { title: 'CREATED', of: ({ created_at }) => created_at },
          { title: 'ERROR', of: ({ error }) => error },
        ]);
      }),
    );
  runs
    .command('get')
    .description('its plan, where each task stands and what it waits for')
    .argument('<job>', 'id of the run')
    .action(
      cli.action<[string]>(async ({ api, out }, [job_id]) => {
        const run = await api.get(one, { path: { job_id } });
        out.result(run, () => runLines(run).map(out.paint));
      }),
    );
  runs
    .command('watch')
    .description('follow it to its end; status 1 when it fails')
    .argument('<job>', 'id of the run')
    .action(cli.action<[string]>((frame, [jobId]) => watchRun(frame, jobId)));
  addSteering(runs, cli);
}

function addSteering(runs: Command, cli: Cli): void {
  const verbs = {
    cancel: 'end it; what runs is let go',
    pause: 'start no further task',
    resume: 'go on after a pause',
  } as const;
  for (const verb of ['cancel', 'pause', 'resume'] as const) {
    runs
      .command(verb)
      .description(verbs[verb])
      .argument('<job>', 'id of the run')
      .action(
        cli.action<[string]>(async ({ api, out }, [job_id]) => {
          const run = await api.post(`${one}/${verb}`, { path: { job_id } });
          out.result(run, () => [`${run.job_id} is ${run.status}.`]);
        }),
      );
  }
  runs
    .command('rerun')
    .description('repeat a run that has ended, where it failed unless said otherwise')
    .argument('<job>', 'id of the run')
    .addOption(
      new Option('--mode <mode>', 'what to run again').choices(['failed', 'from', 'all']).default('failed'),
    )
    .option('--task <task>', 'where to begin, with --mode from')
    .option('--latest', 'on the newest versions of agents and domain')
    .option('--preview', 'say what would run, and start nothing')
    .option('--watch', 'follow it to its end')
    .action(cli.action<[string], RerunOptions>(rerun));
}

async function rerun(frame: Frame, [job_id]: readonly [string], options: RerunOptions): Promise<void> {
  const { api, out } = frame;
  const { mode, task, latest, preview = false, watch } = options;
  if ((mode === 'from') !== (task !== undefined))
    throw new UsageError('--mode from and --task belong together');
  const body = {
    mode,
    versions: latest ? 'latest' : 'pinned',
    preview,
    ...(task && { task_id: task }),
  } as const;
  const started = await api.post(`${one}/rerun`, { path: { job_id }, body });
  const { job_id: newJob, reused, to_run } = started as Rerun;
  const parts = [`reused: ${reused.join(', ') || 'nothing'}`, `to run: ${to_run.join(', ') || 'nothing'}`];
  if (newJob === undefined || !watch) {
    return out.result(started, () => [
      ...(newJob === undefined ? [] : [`${newJob} repeats ${job_id}.`]),
      ...parts,
    ]);
  }
  return watchRun(frame, newJob);
}

interface Rerun {
  readonly job_id?: string;
  readonly reused: readonly string[];
  readonly to_run: readonly string[];
}
