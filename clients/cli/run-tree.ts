// A run as a tree in text: each task below the one that it waited for last, with where it stands. It reads nothing and knows no time.
import { onOneLine } from './screen/plain-text.ts';

/** What is shown of a task. */
export interface ShownTask {
  readonly task_id: string;
  readonly node_id: string;
  readonly agent_name?: string | null;
  readonly status: string | null;
  readonly attempt: number;
  readonly waiting_for: readonly string[];
}

/** What is shown of a run. */
export interface ShownRun {
  readonly job_id: string;
  readonly kind: string | null;
  readonly status: string | null;
  readonly error?: string | null;
  readonly plan: {
    readonly nodes: readonly ShownTask[];
    readonly edges: readonly { readonly from: string; readonly to: string }[];
  };
  readonly execution_log: readonly {
    readonly task_id: string;
    readonly execution_time_ms: number;
    readonly error_code?: string;
    readonly cache?: unknown;
  }[];
}

/** What a stream has told beyond the run itself. */
export interface Written {
  /** Characters that the model of a task has written so far, by task. */
  readonly charactersOf: ReadonlyMap<string, number>;
}

/** Marks of states; a state without one has a dot. */
const marks: Readonly<Record<string, string>> = {
  succeeded: '✓',
  failed: '✗',
  skipped: '–',
  cancelled: '–',
  running: '▸',
  retry_wait: '↻',
  waiting_approval: '?',
};

/** Whether a task has ended, by its state. */
const ended = ['succeeded', 'failed', 'skipped', 'cancelled'];

/** The lines of a run, its own state first. */
export function runLines(
  run: ShownRun,
  { charactersOf }: Written = { charactersOf: new Map() },
): readonly string[] {
  const { nodes, edges } = run.plan;
  const done = nodes.filter(({ status }) => ended.includes(status ?? '')).length;
  const childrenOf = childrenByParent(nodes, edges);
  const told = (task: ShownTask) => taskText(run, task, charactersOf.get(task.task_id) ?? 0);
  const below = (parent: string, indent: string): string[] =>
    (childrenOf.get(parent) ?? []).flatMap((task, at, all) => {
      const isLast = at === all.length - 1;
      const line = `${indent}${isLast ? '└─' : '├─'} ${told(task)}`;
      return [line, ...below(task.node_id, `${indent}${isLast ? '   ' : '│  '}`)];
    });
  const head = `${run.job_id}  ${run.kind ?? ''}  ${run.status ?? ''}  ${done} of ${nodes.length} tasks`;
  return [head, ...below(noParent, ''), ...(run.error ? [`error: ${onOneLine(run.error)}`] : [])];
}

/** Text of a task: mark, name, state and what is known of it. */
function taskText(run: ShownRun, task: ShownTask, characters: number): string {
  const { status, attempt, waiting_for: waits } = task;
  const entry = run.execution_log.findLast(({ task_id }) => task_id === task.task_id);
  const facts = [
    status ?? '',
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(entry?.cache ? ['from cache'] : []),
    ...(entry && ended.includes(status ?? '') ? [secondsText(entry.execution_time_ms)] : []),
    ...(entry?.error_code ? [entry.error_code] : []),
    ...(characters > 0 && status === 'running' ? [`${characters} characters`] : []),
    ...(waits.length > 0 && status !== 'running' ? [`waits for ${waits.join(', ')}`] : []),
  ];
  const name = onOneLine(task.agent_name || task.node_id);
  return `${marks[status ?? ''] ?? '·'} ${name}  ${onOneLine(facts.join(', '))}`;
}

function secondsText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

const noParent = '';

// Each task has one place: below the parent that is deepest, which is the last that it could have waited for.
function childrenByParent(
  nodes: readonly ShownTask[],
  edges: ShownRun['plan']['edges'],
): ReadonlyMap<string, readonly ShownTask[]> {
  const isEdge = (wanted: string, id: string) => edges.some(({ from, to }) => from === wanted && to === id);
  const parentsOf = (id: string) =>
    nodes.map(({ node_id }) => node_id).filter((parent) => isEdge(parent, id));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0); // a plan has no cycle; were there one, it would end here
    const depth = 1 + Math.max(-1, ...parentsOf(id).map(depthOf));
    depths.set(id, depth);
    return depth;
  };
  const children = new Map<string, ShownTask[]>();
  for (const node of nodes) {
    const parents = parentsOf(node.node_id);
    const deepest = Math.max(...parents.map(depthOf));
    const parent = parents.find((each) => depthOf(each) === deepest) ?? noParent;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  return children;
}
