// The graphs that every engine is measured with. Tasks do nothing, or wait; what an engine makes of a graph is its adapter's matter.

/** A task of a graph, unique in it by name. */
export interface Task {
  readonly name: string;
  /** How long it waits before it answers; 0 answers at once. */
  readonly waitMs: number;
}

/** A graph of tasks that is built by putting parts one after another and side by side. */
export type Shape = Task | { readonly series: readonly Shape[] } | { readonly parallel: readonly Shape[] };

/** A task together with the names of those whose results it waits for; none for a root. */
export interface GraphTask extends Task {
  readonly after: readonly string[];
}

/** A graph to execute. */
export interface Workload {
  readonly shape: Shape;
  /** How many tasks the shape holds. */
  readonly tasks: number;
  /** A branch whose end is reported relative to the start of its execution, if any: its tasks, one after the other. */
  readonly watched?: readonly string[];
}

const task = (name: string, waitMs = 0): Task => ({ name, waitMs });
const numbered = (prefix: string, count: number, waitMs = 0): readonly Task[] =>
  Array.from({ length: count }, (_, index) => task(`${prefix}${index + 1}`, waitMs));
const diamond = (waitMs: number): Shape => ({
  series: [task('a', waitMs), { parallel: [task('b', waitMs), task('c', waitMs)] }, task('d', waitMs)],
});

const shapes = {
  'chain-3': { series: numbered('t', 3) },
  diamond: diamond(0),
  'chain-40': { series: numbered('t', 40) },
  'fan-100': { series: [task('root'), { parallel: numbered('t', 100) }, task('join')] },
  // An engine that goes in steps holds the fast branch back until the slow task has ended.
  'uneven-diamond': {
    series: [
      task('root'),
      { parallel: [{ series: numbered('fast', 3, 20) }, task('slow', 300)] },
      task('join'),
    ],
  },
  // Long enough to be killed in the middle.
  'slow-diamond': diamond(300),
} satisfies Record<string, Shape>;

/** The name of a graph. */
export type WorkloadName = keyof typeof shapes;

/** All names, in the order in which they are measured; the last one is for recovery. */
export const workloadNames = Object.keys(shapes) as readonly WorkloadName[];

/** The graph of that name. */
export function workloadOf(name: WorkloadName): Workload {
  const shape: Shape = shapes[name];
  const tasks = graphOf(shape).length;
  return name === 'uneven-diamond'
    ? { shape, tasks, watched: ['root', 'fast1', 'fast2', 'fast3'] }
    : { shape, tasks };
}

/** The tasks of a shape with their edges, each after those that it waits for. */
export function graphOf(shape: Shape): readonly GraphTask[] {
  return [...part(shape, []).tasks];
}

/** Runs a shape in a language that has promises: parts of a series one after another, parallel parts begun in their order. */
export async function runShape(shape: Shape, runTask: (task: Task) => Promise<unknown>): Promise<void> {
  if ('series' in shape) {
    for (const each of shape.series) await runShape(each, runTask);
  } else if ('parallel' in shape) {
    await Promise.all(shape.parallel.map((each) => runShape(each, runTask)));
  } else {
    await runTask(shape);
  }
}

interface Part {
  readonly tasks: readonly GraphTask[];
  /** Whose results the next part waits for. */
  readonly ends: readonly string[];
}

function part(shape: Shape, after: readonly string[]): Part {
  if ('series' in shape) {
    return shape.series.reduce<Part>(
      ({ tasks, ends }, each) => {
        const next = part(each, ends);
        return { tasks: [...tasks, ...next.tasks], ends: next.ends };
      },
      { tasks: [], ends: after },
    );
  }
  if ('parallel' in shape) {
    const branches = shape.parallel.map((each) => part(each, after));
    return { tasks: branches.flatMap(({ tasks }) => tasks), ends: branches.flatMap(({ ends }) => ends) };
  }
  return { tasks: [{ ...shape, after }], ends: [shape.name] };
}
