// LangGraph.js with its PostgreSQL saver: a graph goes in steps, and a checkpoint is stored after each.
//
// - Durability `sync`: only so is a checkpoint stored before the next step begins. The default, `async`, stores it while the next step
//   runs, so that a dependent uses results that a crash may lose.
// - A channel for each task's result, so that a result is stored once; one channel for all results would be stored anew by every step.
// - The saver's pool has 20 connections instead of 10, its own and node-postgres' default.
// - It has no worker that finds interrupted runs: whoever invoked them has to know them and to invoke them again, as `finish` does.
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';
import {
  connectionsMax,
  type MeasuredEngine,
  type OpenEngine,
  type Perform,
  type TaskResult,
} from '../measured-engine.ts';
import { type GraphTask, graphOf, type WorkloadName, workloadNames, workloadOf } from '../workloads.ts';

type State = Readonly<Record<string, unknown>>;

/** Opens LangGraph. Executions that a killed process left stay as they are until `finish` names them. */
export const openEngine: OpenEngine = async ({ store, perform }): Promise<MeasuredEngine> => {
  const pool = new pg.Pool({ connectionString: store.url, max: connectionsMax });
  const saver = new PostgresSaver(pool);
  await saver.setup();
  const graphs = new Map(
    workloadNames.map((name) => [name, compileGraph(graphOf(workloadOf(name).shape), perform, saver)]),
  );
  const invoke = async (name: WorkloadName, execution: string, input: State | null): Promise<void> => {
    await graphs.get(name)?.invoke(input, {
      configurable: { thread_id: execution },
      durability: 'sync',
      recursionLimit: 100, // 25 by default, and a chain of 40 takes 40 steps
    });
  };
  const runOne = (name: WorkloadName, execution: string): Promise<void> =>
    invoke(name, execution, { execution });
  return {
    runOne,
    begin: runOne,
    finish: (name, execution) => invoke(name, execution, null),
    close: () => pool.end(),
  };
};

const nodeOf = (task: string): string => `do-${task}`; // a node and a channel cannot have the same name

function compileGraph(tasks: readonly GraphTask[], perform: Perform, checkpointer: PostgresSaver) {
  const channels = Object.fromEntries(tasks.map(({ name }) => [name, Annotation<TaskResult>()]));
  const state = Annotation.Root({ execution: Annotation<string>(), ...channels });
  const graph = new StateGraph<typeof state.spec, State, State, string>(state);
  for (const task of tasks)
    graph.addNode(nodeOf(task.name), async ({ execution }: State) => ({
      [task.name]: await perform(String(execution), task),
    }));
  for (const { name, after } of tasks) {
    if (after.length === 0) graph.addEdge(START, nodeOf(name));
    else graph.addEdge(after.length === 1 ? nodeOf(after[0] ?? '') : after.map(nodeOf), nodeOf(name));
  }
  const waitedFor = new Set(tasks.flatMap(({ after }) => after));
  for (const { name } of tasks) if (!waitedFor.has(name)) graph.addEdge(nodeOf(name), END);
  return graph.compile({ checkpointer });
}
