// The database is killed and started again while agents are written and read: nobody gets a wrong answer, nothing acknowledged is lost,
// nothing is half written, and nothing has to be restarted.

import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { asFault, type FaultReason } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { freePort } from '../../../local/databases/free-port.ts';
import { type LocalPostgres, startLocalPostgres } from '../../../local/databases/postgres.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';

const killsMax = 2;
const workers = 4;
const acknowledgedPerPhase = 20;

/** What a caller may be told while the database is away; everything else is a wrong answer. */
const honestReasons: readonly FaultReason[] = ['unavailable', 'aborted', 'deadline_exceeded'];

let dataDir: string;
let port: number;
let postgres: LocalPostgres;
let registry: RegistryForTest;
let tenant: Principal;

beforeAll(async () => {
  dataDir = await realpath(await mkdtemp(join(tmpdir(), 'registry-loss-')));
  await chmod(dataDir, 0o711);
  port = await freePort();
  postgres = await startLocalPostgres({ dataDir, port });
  registry = await startRegistryForTest(postgres.adminUrl);
  registry.admin.on('error', () => undefined); // it is killed with the server
  tenant = await registry.newTenant();
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Tally {
  /** Name by agent_id of what was acknowledged. */
  readonly acknowledged: Map<string, string>;
  refused: number;
  readonly wrong: unknown[];
}

async function attempt(tally: Tally, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (honestReasons.includes(asFault(error).reason)) tally.refused += 1;
    else tally.wrong.push(error);
  }
}

async function write(tally: Tally, name: string): Promise<void> {
  const definition = {
    agent_name: name,
    agent_class: 'query',
    system_prompt: 'Answer.',
    output_schema: { type: 'object', properties: { answer: { type: 'string' } } },
  };
  const { agent } = await registry.agents.createAgent({ definition }, registry.as(tenant));
  tally.acknowledged.set(agent?.agentId ?? '', name);
}

async function read(tally: Tally): Promise<void> {
  const [agentId, name] = [...tally.acknowledged].at(-1) ?? [];
  if (!agentId) return;
  const { agent } = await registry.agents.getAgent({ agentId }, registry.as(tenant));
  if (agent?.agentName !== name) tally.wrong.push({ agentId, name, read: agent?.agentName });
}

/** Waits for the condition, or for a wrong answer, after which nothing is worth waiting for. */
async function until(tally: Tally, condition: () => boolean): Promise<void> {
  while (!condition() && tally.wrong.length === 0) await pause();
}

/** Writes and reads until told to stop. */
function load(tally: Tally): { stop(): Promise<void> } {
  let stopped = false;
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; !stopped && tally.wrong.length === 0; turn += 1) {
      await attempt(tally, () => write(tally, `Agent ${worker}-${turn}`));
      await attempt(tally, () => read(tally));
    }
  };
  const working = Promise.all(Array.from({ length: workers }, (_each, worker) => work(worker)));
  return {
    stop: async () => {
      stopped = true;
      await working;
    },
  };
}

describe('the loss of the database', () => {
  it('loses nothing that was acknowledged, answers nothing wrong, and ends by itself', async () => {
    const tally: Tally = { acknowledged: new Map(), refused: 0, wrong: [] };
    const working = load(tally);
    const acknowledgeMore = (): Promise<void> => {
      const goal = tally.acknowledged.size + acknowledgedPerPhase;
      return until(tally, () => tally.acknowledged.size >= goal);
    };
    for (let kill = 0; kill < killsMax; kill += 1) {
      await acknowledgeMore();
      const refusedBefore = tally.refused;
      process.kill(postgres.pid, 'SIGKILL');
      await until(tally, () => tally.refused > refusedBefore);
      await postgres.stop();
      postgres = await startLocalPostgres({ dataDir, port });
    }
    await acknowledgeMore();
    await working.stop();
    expect(tally.wrong).toEqual([]);

    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    const stored = await admin.query<{
      agent_id: string;
      agent_name: string;
      versions: string;
      entries: string;
    }>(
      `select agent_id, agent_name,
        (select count(*) from registry.agent_versions v where v.agent_definition_id = a.id) as versions,
        (select count(*) from registry.audit_log l where l.entity_id = a.agent_id) as entries
      from registry.agent_definitions a where tenant_id = $1`,
      [tenant.tenantId],
    );
    await admin.end();
    const names = new Map(stored.rows.map((row) => [row.agent_id, row.agent_name]));
    for (const [agentId, name] of tally.acknowledged) expect(names.get(agentId)).toBe(name);
    expect(stored.rows.filter(({ versions, entries }) => versions !== '1' || entries !== '1')).toEqual([]);
  }, 120_000);
});
