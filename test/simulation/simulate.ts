// Plays one history: a world from a seed, real engines in it, faults for a while, then peace; and judges what is left when all has ended.
import { createCommands } from './commands.ts';
import { judgeEnd } from './end-judge.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createModelWorkers } from './model-workers.ts';
import type { MakePlan } from './plan-maker.ts';
import type { Random } from './random.ts';
import { createStarts, startsEndMs } from './starts.ts';
import type { VirtualTime } from './virtual-time.ts';
import { createWorld, type World } from './world.ts';

/** After the last fault every run ends within this time, in milliseconds. */
const peaceMsMax = 1_800_000;

/** How often paused runs are resumed once there is peace, in milliseconds. */
const resumeEveryMs = 5_000;

/** What one history is played with. */
export interface Play {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly makePlan: MakePlan;
  /** Whether a line is kept for everything that happens. */
  readonly traced: boolean;
}

/** What came of a history. */
export interface Played {
  /** The first promise that was broken; undefined when none was. */
  readonly broken: string | undefined;
  /** What happened, when it was traced. */
  readonly lines: readonly string[];
  /** Runs that ended. */
  readonly runs: number;
}

/** Plays a history to its end. */
export async function simulate({ time, random, makePlan, traced }: Play): Promise<Played> {
  const world = createWorld({ time, random, traced });
  const { history, judge, tables, faults, limits } = world;
  const fleet = createFleet(world, {
    onAppended: (row, appended) => {
      judge.appended(row, appended);
      judgeAdmission(world);
    },
  });
  const starts = createStarts(world, fleet, makePlan);
  const commands = createCommands(world, fleet);
  history.note(() => `faults ${JSON.stringify(faults)}`);
  history.note(() => `limits ${JSON.stringify(limits)}`);
  for (let number = 1; number <= limits.replicas; number += 1) fleet.start(`replica-${number}`);
  planFaults(world, fleet);
  starts.begin();
  createModelWorkers(world, fleet).begin();
  if (world.parks) commands.begin(3_000, Math.max(faults.endMs, startsEndMs));
  const resumeAll = (): void => {
    commands.resumeAll();
    time.after(resumeEveryMs, undefined, resumeAll);
  };
  time.after(faults.endMs + resumeEveryMs, undefined, resumeAll);

  const haveEnded = (): boolean =>
    starts.areDone() && [...tables.executions.values()].every(({ completedAtMs }) => completedAtMs !== null);
  await time.run(() => {
    if (history.broken !== undefined) return true;
    const nowMs = time.nowMs();
    if (nowMs > faults.endMs + peaceMsMax) history.fail('a run has not ended long after the last fault');
    return nowMs > faults.endMs && nowMs > startsEndMs && haveEnded();
  });
  if (history.broken === undefined) judgeEnd(world);
  return { broken: history.broken, lines: history.lines ?? [], runs: tables.executions.size };
}

function planFaults(world: World, fleet: Fleet): void {
  const { time, random, faults, database, agents, history } = world;
  const sometimes = (count: number, act: () => void): void => {
    for (let left = count; left > 0; left -= 1)
      time.after(random.between(2_000, faults.endMs), undefined, act);
  };
  const withSomeone = (act: (replica: ReturnType<Fleet['awake']>[number]) => void) => (): void => {
    const awake = fleet.awake();
    if (awake.length > 0) act(random.pick(awake));
  };
  const backAfterMs = (): number => random.between(100, 12_000);
  sometimes(
    faults.kills,
    withSomeone((replica) => fleet.kill(replica, backAfterMs())),
  );
  sometimes(
    faults.freezes,
    withSomeone((replica) => fleet.freeze(replica, random.between(200, 15_000))),
  );
  sometimes(
    faults.closes,
    withSomeone((replica) => fleet.close(replica, backAfterMs())),
  );
  sometimes(faults.agentsKills, agents.kill);
  sometimes(faults.databaseRestarts, () => {
    history.note(() => '   database  restarts');
    database.restart(random.between(100, 4_000));
  });
  sometimes(faults.outages, () => {
    history.note(() => '   database  is out of reach');
    database.cutOff(random.between(500, 9_000));
  });
}

// While replicas are well and nothing is parked, a tenant has no more runs than it may.
function judgeAdmission({ faults, parks, tables, limits, history }: World): void {
  if (!faults.isQuiet || parks) return;
  const running = new Map<string, number>();
  for (const { record, ownerId, startedAtMs, completedAtMs } of tables.executions.values()) {
    if (ownerId === null || startedAtMs === null || completedAtMs !== null) continue;
    running.set(record.tenantId, (running.get(record.tenantId) ?? 0) + 1);
  }
  const most = Math.max(limits.perTenantMax, limits.replicas);
  for (const [tenantId, count] of running) {
    if (count > most)
      history.fail(`${tenantId} has ${count} runs under way, ${limits.perTenantMax} are allowed`);
  }
}
