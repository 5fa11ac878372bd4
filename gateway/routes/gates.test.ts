// Gates and estimates: what is sent into the mesh, and what of its answers a caller sees before there is anything to show.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EstimateBasisKind } from '../../proto/gen/domainflow/orchestrator/v1/estimate_pb.js';
import { GateStatus } from '../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
let token: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['admin'] });
});
afterAll(() => at.close());

const createdAt = { seconds: 1_767_225_600n, nanos: 0 };

describe('a gate', () => {
  const gate = {
    ...{ gateId: 'gate_1', domainId: 'roads', goldenSet: 'basics', goldenSetVersion: 3 },
    ...{ playbook: AgentClass.QUERY, candidate: { kind: 'domain_version', version: 2 } },
    ...{ rowsDone: 1, rowsTotal: 4, createdBy: 'ada', createdAt },
  };
  const unmeasured = {
    ...{ passed: null, reasons: [], fields: [], overall: null, cost: null, latency: null },
    ...{ runs_failed: null, differences: [], differences_total: 0, error: null },
  };

  it('is started with its candidate as it was sent, and answered with its place', async () => {
    const asked: unknown[] = [];
    at.handlers.gates = {
      startGate: ({ domainId, goldenSet, candidate }) => {
        asked.push([domainId, goldenSet, candidate]);
        return { gate: { ...gate, status: GateStatus.RUNNING } };
      },
    };
    const body = { golden_set: 'basics', candidate: { version: 2, unknown: [1] } };
    const answer = await at.send('POST domains/roads/gate', { token, body });
    expect(answer).toMatchObject({ status: 202, body: { gate_id: 'gate_1', status: 'running' } });
    expect(answer.headers.get('location')).toBe('/api/v1/domains/roads/gate/gate_1');
    expect(asked).toEqual([['roads', 'basics', { version: 2, unknown: [1] }]]);
  });

  it.each([
    ['GET', 200, GateStatus.RUNNING, 'running', null],
    ['DELETE', 202, GateStatus.CANCELLED, 'cancelled', '2026-01-01T00:00:00.000Z'],
  ])('has no result before it is completed: %s', async (method, status, state, word, completed_at) => {
    const ended = completed_at ? { completedAt: createdAt } : {};
    at.handlers.gates = {
      getGate: () => ({ gate: { ...gate, status: state } }),
      cancelGate: () => ({ gate: { ...gate, status: state, ...ended } }),
    };
    const answer = await at.send(`${method} domains/roads/gate/gate_1`, { token });
    const shown = { status: word, ...unmeasured, completed_at, progress: { rows_done: 1, rows_total: 4 } };
    expect(answer).toMatchObject({ status, body: shown });
  });

  it('names everything that its start lacks', async () => {
    const { status, details } = problemOf(await at.send('POST domains/roads/gate', { token, body: {} }));
    expect({ status, fields: details.map(({ field }) => field) }).toEqual({
      ...{ status: 400, fields: ['golden_set', 'candidate'] },
    });
  });
});

describe('an estimate', () => {
  it('has null for what nobody can say', async () => {
    const nothing = { money: [], moneyKnown: false };
    const basis = { kind: EstimateBasisKind.UNSPECIFIED, text: 'Nothing was recorded' };
    const agent = {
      agentId: 'agent-1',
      perRun: nothing,
      whole: nothing,
      useBasis: basis,
      durationBasis: basis,
    };
    at.handlers.estimates = {
      estimatePlaybook: () => ({ count: 7, perRun: nothing, whole: nothing, agents: [agent] }),
    };
    const body = { playbook: 'query', count: 7 };
    const answer = await at.send('POST domains/roads/estimate', { token, body });
    const unknown = { calls: null, tokens: { input: null, output: null }, money: null, duration_s: null };
    expect(answer).toMatchObject({
      status: 200,
      body: {
        domain_id: 'roads',
        count: 7,
        per_run: unknown,
        agents: [{ agent_version: null, runtime: null }],
      },
    });
    expect(answer.body.agents[0].basis.use).toMatchObject({ kind: 'none', from: null, version: null });
  });
});
