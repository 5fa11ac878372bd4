// Prints the trace of one run as a tree and says who took part in it.
import { buildTraceTree, renderTraceTree } from '../traces/trace-tree.ts';
import { wholeTrace } from '../whole-trace.ts';
import type { DemoRun } from './demo-run.ts';

/** Services that take part in every run, and in one that answers a question. */
const takingPart = {
  report: ['agents', 'gateway', 'orchestrator', 'registry', 'reports'],
  question: ['agents', 'gateway', 'orchestrator', 'registry', 'reports', 'sessions'],
} as const;

/** Which trace is shown. */
export interface ShownTrace {
  readonly kind: keyof typeof takingPart;
  /** The collector's base URL. */
  readonly tracesUrl: string;
  /** The run; undefined when there was none, which is a problem. */
  readonly jobId: string | undefined;
  /** Whether the tree is drawn, or only summed up. */
  readonly draws: boolean;
}

/** Shows the trace; notes a missing service or a step whose caller is missing. */
export async function showTrace(run: DemoRun, shown: ShownTrace): Promise<void> {
  const { narrator, problems, signal } = run;
  const { kind, tracesUrl, jobId, draws } = shown;
  const traceId = jobId === undefined ? null : await traceOf(run, jobId);
  if (traceId === null) {
    problems.push(`The run of a ${kind} names no trace`);
    return;
  }
  const spans = await wholeTrace({ tracesUrl, traceId, signal });
  const tree = buildTraceTree(spans);
  if (draws) narrator.print(renderTraceTree(tree));
  const services = [...new Set(spans.map(({ service }) => service))].sort();
  const orphans = tree.orphans.length;
  narrator.print('');
  narrator.say(
    `The run of this ${kind}: ${spans.length} steps in ${services.length} services (${services.join(', ')}); ${orphans === 0 ? 'every step has its caller' : `${orphans} steps lack their caller`}.`,
  );
  if (tree.roots.length !== 1)
    problems.push(`The trace of a ${kind} has ${tree.roots.length} beginnings instead of one`);
  if (orphans > 0) problems.push(`The trace of a ${kind} has ${orphans} steps without their caller`);
  const missing = takingPart[kind].filter((service) => !services.includes(service));
  if (missing.length > 0)
    problems.push(`The trace of a ${kind} misses these services: ${missing.join(', ')}`);
}

async function traceOf({ api }: DemoRun, job_id: string): Promise<string | null> {
  return (await api.get('/api/v1/executions/{job_id}', { path: { job_id } })).trace_id;
}
