// Two workers of the organisation's own do the tasks of a workflow: they pull them over the public API, as programs anywhere would.
import type { Report, Workflow } from '../../clients/api/gen/api-types.ts';
import { runWorker } from '../../clients/worker/run-worker.ts';
import type { ClaimedTask, TaskAnswer } from '../../clients/worker/worker-calls.ts';
import { type DemoRun, firstWords, pollUntil } from './demo-run.ts';

const textsMax = 3;

/** Where the workers find the platform, and as whom. */
export interface WorkerAccess {
  readonly url: string;
  readonly credential: string;
}

/** Counts the words of a few reports side by side, then says which is the longest. */
export async function runWorkflow(
  run: DemoRun,
  access: WorkerAccess,
  reports: readonly Report[],
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, run.signal]);
  const common = { ...access, type: 'analyzer' as const, signal, graceMs: 1_000, waitS: 5 };
  const workers = [
    runWorker({ ...common, name: 'word-counter', capabilities: ['counting'], concurrency: 2, handle: count }),
    runWorker({ ...common, name: 'chooser', capabilities: ['choosing'], handle: choose }),
  ];
  try {
    await Promise.race([followWorkflow(run, reports), Promise.all(workers)]);
  } finally {
    ending.abort();
    await Promise.all(workers);
  }
}

async function followWorkflow(run: DemoRun, reports: readonly Report[]): Promise<void> {
  const { api, signal, problems } = run;
  const body = { ...describe(reports.slice(0, textsMax)), start: true };
  const { workflow_id } = await api.post('/api/v2/workflows', { body });
  const read = () => api.get('/api/v2/workflows/{workflow_id}', { path: { workflow_id } });
  const ended = await pollUntil(read, ({ completed_at }) => completed_at !== null, signal);
  show(run, ended);
  if (ended.status !== 'completed') problems.push(`Workflow ${workflow_id} is ${ended.status}`);
}

function describe(reports: readonly Report[]) {
  const counts = reports.map(({ incident_id, raw_text }, at) => ({
    ...{ key: `count${at + 1}`, type: 'analysis' as const, name: `Count words ${at + 1}` },
    ...{ description: 'How many words a report has', required_capabilities: ['counting'] },
    input_data: { incident_id, text: raw_text },
  }));
  const last = {
    ...{ key: 'longest', type: 'report' as const, name: 'Longest report', priority: 3 },
    ...{ description: 'Which report has the most words', required_capabilities: ['choosing'] },
    depends_on: counts.map(({ key }) => key),
  };
  const description = 'Words of reports, counted side by side and compared';
  return { name: 'Longest report', description, tasks: [...counts, last] };
}

function count({ input_data }: ClaimedTask): TaskAnswer {
  const { incident_id, text } = input_data;
  const words = String(text).trim().split(/\s+/u).length;
  return { output: { incident_id, words }, reasoning: 'Counted between blanks', confidence: 1 };
}

function choose({ context }: ClaimedTask): TaskAnswer {
  const counted = Object.entries(context).flatMap(([name, value]) =>
    name.endsWith('_output') ? [value as { readonly incident_id: string; readonly words: number }] : [],
  );
  const [longest] = counted.toSorted((one, other) => other.words - one.words);
  return { output: { ...longest }, reasoning: `The most words of ${counted.length}`, confidence: 1 };
}

function show({ narrator }: DemoRun, { tasks, status, job_id }: Workflow): void {
  for (const { name, result, attempt, assigned_agent_id } of tasks) {
    const whose = `worker ${assigned_agent_id?.slice(-6)}, attempt ${attempt}`;
    narrator.print(`  ${name.padEnd(16)} ${firstWords(JSON.stringify(result), 70).padEnd(70)}  ${whose}`);
  }
  narrator.print(`\n  The workflow is ${status}; its run is ${job_id}.`);
}
