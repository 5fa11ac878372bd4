// PostgreSQL ends again and again under replicas that are given executions all the time: in good order, and by a kill. Callers are refused with
// a time to come back; what was accepted ends right, and nothing that is recorded is run again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureFolder } from '../../local/checkout.ts';
import { type LocalPostgres, startLocalPostgres } from '../../local/databases/postgres.ts';
import {
  appRole,
  engineRole,
  prepareOrchestratorDatabase,
} from '../../services/orchestrator/store/schema.ts';
import { type LoadStage, openLoadStage } from './load-stage.for-test.ts';
import type { StartFault } from './replica-messages.for-test.ts';
import type { Replica } from './replica-process.for-test.ts';

/** How often it ends: `SOAK_RESTARTS` for many. Every second time it is killed. */
const restarts = Number(process.env.SOAK_RESTARTS ?? 2);
/** Executions that are accepted between two ends. */
const acceptedPerPhase = 60;
const lanes = 8;
const password = 'for-tests';

let dataDir: string;
let postgres: LocalPostgres;
let stage: LoadStage;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'domainflow-restarts-'));
  await ensureFolder(dataDir);
  postgres = await startLocalPostgres({ dataDir });
  const { adminUrl } = postgres;
  await prepareOrchestratorDatabase({ adminUrl, appPassword: password, enginePassword: password });
  const as = (username: string) => Object.assign(new URL(adminUrl), { username, password }).toString();
  stage = openLoadStage({ admin: adminUrl, app: as(appRole), engine: as(engineRole) });
}, 60_000);
afterAll(async () => {
  await stage?.stop();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

async function restart(isKilled: boolean): Promise<void> {
  const port = Number(new URL(postgres.adminUrl).port);
  if (isKilled) process.kill(postgres.pid, 'SIGKILL');
  else await postgres.stop();
  postgres = await startLocalPostgres({ dataDir, port });
}

interface Load {
  readonly accepted: string[];
  readonly refused: StartFault[];
  /** Resolves once so many more are accepted. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one execution after another in each lane; a caller that is refused comes back when it was told to. */
function startUntilStopped(replicas: readonly Replica[]): Load {
  const accepted: string[] = [];
  const refused: StartFault[] = [];
  const waiting = new Map<number, () => void>();
  let isStopped = false;
  const lane = async (at: number): Promise<void> => {
    const replica = replicas[at % replicas.length];
    while (!isStopped) {
      const record = stage.record(accepted.length);
      const outcome = await replica?.start(record);
      if (outcome === 'started') {
        accepted.push(record.id);
        waiting.get(accepted.length)?.();
      } else if (typeof outcome === 'object') {
        refused.push(outcome);
        await sleep(outcome.retryAfterMs);
      } else return;
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)));
  return {
    accepted,
    refused,
    more: (count) => new Promise((resolve) => waiting.set(accepted.length + count, resolve)),
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

describe('replicas whose database ends again and again', () => {
  it(
    'refuse callers honestly meanwhile, and end right whatever they have accepted',
    async () => {
      const replicas = [await stage.replica('one'), await stage.replica('two')];
      const load = startUntilStopped(replicas);
      for (let at = 0; at < restarts; at += 1) {
        await load.more(acceptedPerPhase);
        await restart(at % 2 === 1);
      }
      await load.more(acceptedPerPhase);
      await load.stop();
      await stage.allEnded();
      const { accepted, refused } = load;
      process.stdout.write(
        `${restarts} ends of PostgreSQL: ${accepted.length} executions accepted, ${refused.length} refused\n`,
      );
      expect(
        refused.filter(({ reason, retryAfterMs = 0 }) => reason !== 'unavailable' || retryAfterMs <= 0),
      ).toEqual([]);
      expect(await stage.broken(accepted)).toEqual([]);
    },
    60_000 + restarts * 30_000,
  );
});
