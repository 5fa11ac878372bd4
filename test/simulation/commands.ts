// What people ask of runs under way, at any replica and any time: cancel, pause, resume, and decisions. Each command has a user of its own,
// so that what it did can be told from the journal.
import type { Command } from '../../services/orchestrator/core/decision/decision.ts';
import type { Fleet } from './fleet.ts';
import type { ExecutionRow } from './model-tables.ts';
import type { Replica } from './replica-process.ts';
import type { World } from './world.ts';

/** Within which time a command is to be delivered, in milliseconds. */
const deliverMs = 4_000;
/** Commands of one history at most, apart from those at its end; in some histories people cannot make up their minds. */
const commandsMax = [3, 9, 9, 20] as const;

/** People who ask. */
export interface Commands {
  /** Plans what they ask between two times, in milliseconds from now. */
  begin(leastMs: number, mostMs: number): void;
  /** What keeps runs from ending is taken away: paused ones are resumed. */
  resumeAll(): void;
}

interface Asking {
  readonly world: World;
  readonly fleet: Fleet;
  asked: number;
}

/** People of a world. */
export function createCommands(world: World, fleet: Fleet): Commands {
  const { time, random, tables } = world;
  const asking: Asking = { world, fleet, asked: 0 };
  return {
    begin(leastMs, mostMs) {
      for (let left = random.between(0, random.pick(commandsMax)); left > 0; left -= 1) {
        time.after(random.between(leastMs, mostMs), undefined, () => askSomething(asking));
      }
    },
    resumeAll() {
      for (const row of tables.executions.values()) {
        if (row.status === 'paused') ask(asking, row, (by) => ({ type: 'resume', by }));
      }
    },
  };
}

/** A replica that can be asked now; undefined when there is none. */
export function someReplica({ random }: World, fleet: Fleet): Replica | undefined {
  const awake = fleet.awake();
  return awake.length === 0 ? undefined : random.pick(awake);
}

function askSomething(asking: Asking): void {
  const { world } = asking;
  const { tables, random } = world;
  const open = [...tables.executions.values()].filter(({ completedAtMs }) => completedAtMs === null);
  if (open.length === 0) return;
  const row = random.pick(open);
  ask(asking, row, (by) => drawCommand(world, row, by));
}

function drawCommand({ random, plans }: World, row: ExecutionRow, by: string): Command {
  const kind = random.below(10);
  if (kind < 1) return { type: 'cancel', by, because: 'no longer needed' };
  if (kind < 3) return { type: 'pause', by };
  if (kind < 6) return { type: 'resume', by };
  const tasks = plans.get(row.record.plan.hash)?.run.tasks ?? [];
  const approvals = tasks.filter(({ approval }) => approval !== undefined);
  const { nodeId } = random.pick(approvals.length > 0 ? approvals : tasks);
  return { type: 'decide_approval', by, nodeId, approved: random.chance(0.7), comment: '' };
}

// It is stored first, then brought to whoever holds the run, and sometimes by two replicas at once.
function ask(asking: Asking, row: ExecutionRow, choose: (by: string) => Command): void {
  const { world, fleet } = asking;
  const { time, random, database, history } = world;
  const replica = someReplica(world, fleet);
  if (!replica) return;
  asking.asked += 1;
  const id = `c${asking.asked}`;
  const command = choose(`user-${asking.asked}`);
  const key = { tenantId: row.record.tenantId, id: row.record.id };
  history.note(() => `${replica.name} is asked: ${command.type} ${key.id.slice(-4)} (${id})`);
  const commit = (): void => {
    if (row.completedAtMs === null) row.commands.push({ id, command });
  };
  time.after(0, replica.process, () => {
    const stored = database.run(replica.process, { name: 'insert command', commit });
    stored.then(() => replica.engine.deliver(key, deliverMs)).catch(() => undefined);
    const other = random.chance(0.2) ? someReplica(world, fleet) : undefined;
    const again = (): void => void other?.engine.deliver(key, deliverMs).catch(() => undefined);
    if (other) time.after(random.between(0, 20), other.process, again);
  });
}
