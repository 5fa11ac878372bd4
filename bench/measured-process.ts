// The program of a process in which one engine runs for one order, so that no engine disturbs another. The order comes from the process
// that forked it (`process-order.ts`), which is told when it has been carried out.
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { measurePoint, quantile } from './measure.ts';
import { type MeasuredEngine, type OpenEngine, performing, type TaskListener } from './measured-engine.ts';
import type { Notice, Order, PointOrder, RecoveryOrder } from './process-order.ts';
import { readMeter } from './store-meter.ts';
import { workloadOf } from './workloads.ts';

const tell = (notice: Notice): void => void process.send?.(notice);

process.once('message', (order: Order) => {
  carryOut(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  });
});
// The process that forked it is gone.
process.once('disconnect', () => process.exit(1));

async function carryOut(order: Order): Promise<void> {
  const { openEngine } = (await import(order.module)) as { readonly openEngine: OpenEngine };
  if (order.kind === 'point') await carryOutPoint(order, openEngine);
  else await carryOutRecovery(order, openEngine);
}

async function carryOutPoint(order: PointOrder, openEngine: OpenEngine): Promise<void> {
  const { store, workload, inFlight, seconds } = order;
  const { tasks, watched } = workloadOf(workload);
  const startedMs = new Map<string, number>();
  const branch = watched && watchBranch(watched, startedMs);
  const perform = performing(branch?.listener ?? {});
  const engine = await openEngine({ store, perform, inFlight });
  const runOne = async (): Promise<void> => {
    const execution = randomUUID();
    startedMs.set(execution, performance.now());
    await engine.runOne(workload, execution);
    startedMs.delete(execution);
  };
  const point = await measurePoint({
    runOne,
    inFlight,
    seconds,
    tasksPerExecution: tasks,
    readMeter: () => readMeter(store),
  });
  await engine.close();
  tell({ kind: 'measured', point, ...(branch && { branch: branch.measured() }) });
}

// A timer takes longer than it was set for: what the branch's own tasks took is measured too.
function watchBranch(names: readonly string[], startedMs: ReadonlyMap<string, number>) {
  const begunMs = new Map<string, number>();
  const tasksMs = new Map<string, number>();
  const branchMs: number[] = [];
  const pathMs: number[] = [];
  const listener: TaskListener = {
    begun: (execution, { name }) => {
      if (names.includes(name)) begunMs.set(execution, performance.now());
      if (name === names[0]) tasksMs.set(execution, 0);
    },
    ended: (execution, { name }) => {
      if (!names.includes(name)) return;
      const nowMs = performance.now();
      const spentMs = (tasksMs.get(execution) ?? 0) + nowMs - (begunMs.get(execution) ?? nowMs);
      tasksMs.set(execution, spentMs);
      if (name !== names.at(-1)) return;
      branchMs.push(nowMs - (startedMs.get(execution) ?? 0));
      pathMs.push(spentMs);
      begunMs.delete(execution);
      tasksMs.delete(execution);
    },
  };
  return { listener, measured: () => ({ ms: quantile(branchMs, 0.5), tasksMs: quantile(pathMs, 0.5) }) };
}

async function carryOutRecovery(order: RecoveryOrder, openEngine: OpenEngine): Promise<void> {
  const { store, executions, logPath } = order;
  const roots = new Set<string>();
  const perform = performing({
    begun: (execution, { name }) => {
      // Written at once: what a killed process did must be known.
      appendFileSync(logPath, `${execution} ${name}\n`);
      roots.add(execution);
      if (order.kind === 'begin' && roots.size === executions.length) tell({ kind: 'begun' });
    },
  });
  const engine: MeasuredEngine = await openEngine({ store, perform, inFlight: executions.length });
  tell({ kind: 'opened' });
  const each = order.kind === 'begin' ? engine.begin : engine.finish;
  await Promise.all(executions.map((execution) => each('slow-diamond', execution)));
  if (order.kind === 'begin') return;
  tell({ kind: 'finished' });
  await engine.close();
}
