// Runs that people start, at any replica and time: of random plans, of every kind, with and without a name.
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { recordJob } from '../../services/orchestrator/core/job-input.ts';
import type { NameBinding } from '../../services/orchestrator/store/store.ts';
import { someReplica } from './commands.ts';
import type { Fleet } from './fleet.ts';
import type { MakePlan } from './plan-maker.ts';
import { epochMs } from './virtual-time.ts';
import type { World } from './world.ts';

const kinds = ['ingest', 'ingest', 'query', 'management', 'management', 'workflow'] as const;

/** No run is started later, in milliseconds since the history began; and none before the replicas know each other. */
export const startsEndMs = 12_000;
const startsBeginMs = 3_000;

/** Starts of runs. */
export interface Starts {
  begin(): void;
  /** True once nobody will start anything any more. */
  areDone(): boolean;
}

interface Starting {
  readonly world: World;
  readonly fleet: Fleet;
  readonly makePlan: MakePlan;
  started: number;
}

/** Starts in a world. */
export function createStarts(world: World, fleet: Fleet, makePlan: MakePlan): Starts {
  const { time, random, parks } = world;
  const starting: Starting = { world, fleet, makePlan, started: 0 };
  // Where a tenant's limit is judged, it has to be reached.
  let left = random.between(1, parks ? 5 : 9);
  const endMs = parks ? startsEndMs : random.pick([startsBeginMs + 30, startsBeginMs + 200, startsEndMs]);
  return {
    begin() {
      for (let count = left; count > 0; count -= 1) {
        time.after(random.between(startsBeginMs, endMs), undefined, () => {
          left -= 1;
          start(starting);
        });
      }
    },
    areDone: () => left === 0,
  };
}

function start(starting: Starting): void {
  const { world, fleet } = starting;
  const { time, random, history } = world;
  const replica = someReplica(world, fleet);
  if (!replica) return;
  const record = newRecord(starting);
  const { tenantId, id, kind } = record;
  const name = { tenantId, userId: 'somebody', route: 'start_query', key: id, bodyHash: '' } as const;
  const binding: NameBinding | undefined = random.chance(0.3) ? { name } : undefined;
  history.note(() => `${replica.name} is asked to start ${id.slice(-4)}, a run of ${kind}`);
  time.after(0, replica.process, () => {
    replica.engine.start(record, binding).then(
      () => judgeStarted(world, id),
      (error) => history.note(() => `${replica.name} has not started ${id.slice(-4)}: ${error.message}`),
    );
  });
}

function newRecord(starting: Starting): ExecutionRecord {
  const { world, makePlan } = starting;
  const { time, random, plans, limits, parks, works } = world;
  starting.started += 1;
  const number = String(starting.started).padStart(4, '0');
  const hash = `plan ${number}`;
  plans.set(hash, makePlan(random, { parks, works }));
  const tenantId = `tenant-${random.below(limits.tenants)}`;
  const reference_time = '2026-03-01T12:00:00.000Z';
  return {
    ...{ tenantId, id: `018f0000-0000-7000-8000-00000000${number}`, kind: random.pick(kinds) },
    ...{ domainId: 'city', domainVersion: 1, plan: { hash, text: '' }, subjectId: `inc_${number}` },
    input: recordJob({ text: 'A pothole', domain_id: 'city', source: 'web', reference_time }),
    principal: { tenantId, userId: 'somebody', username: 'somebody', roles: ['editor'] },
    ...{ createdAtMs: epochMs + time.nowMs(), priority: random.between(1, 5) },
  };
}

// A caller is told only what is recorded: that it runs, or that it waits for a place.
function judgeStarted({ tables, history }: World, id: string): void {
  const name = id.slice(-4);
  const row = tables.executions.get(id);
  history.note(() => `the start of ${name} is confirmed`);
  if (!row) history.fail(`${name}: the start is confirmed and nothing is recorded`);
  else if (row.status === 'pending' && !row.queued && row.ownerId !== null && row.epoch === 1)
    history.fail(`${name}: the start is confirmed before its document is recorded to be in place`);
}
