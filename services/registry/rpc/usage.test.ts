// The ledger of model calls through the real service: reservations, budgets, ends, and what is told of them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { CallOutcome, UsageGrouping } from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { newPrincipal } from '../store/rows.for-test.ts';
import { newRun, priceForTest, setBudgets } from './usage-calls.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_usage'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const hard = (amount: string, currency = 'EUR') => ({ hard: amount, currency });
const soft = (amount: string) => ({ soft: amount, currency: 'EUR' });

/** Rows of the tenant's ledger in their order. */
async function ledger({ tenantId }: Principal) {
  const text = `select id, repeat, status, money::float8 / 1e9 as money, currency, input_tokens, output_tokens, cached_input_tokens,
      tokens_estimated
    from registry.usage_ledger where tenant_id = $1 order by id`;
  return (await registry.admin.query(text, [tenantId])).rows;
}

/** The sums that budgets are held against, by what they bound. */
async function totals({ tenantId }: Principal): Promise<Record<string, number>> {
  const text = `select scope, money::float8 / 1e9 as money from registry.usage_totals
    where tenant_id = $1 and currency = 'EUR' order by created_at`;
  const { rows } = await registry.admin.query(text, [tenantId]);
  return Object.fromEntries(rows.map(({ scope, money }) => [scope, money]));
}

async function faultOf(call: Promise<unknown>): Promise<Fault> {
  return call.then(
    () => {
      throw new Error('The call was answered');
    },
    (fault: Fault) => fault,
  );
}

const usage = (principal: Principal, request: object = {}) =>
  registry.usage.getUsage(request, registry.as(principal));

describe('ReserveCall', () => {
  it('counts a call at its greatest cost until it is settled, for tenant, domain and run', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const { reservationId, warnings } = await run.reserve({ inputTokensEstimate: 500_000 });
    expect(warnings).toEqual([]);
    expect(await ledger(own)).toMatchObject([{ id: reservationId, repeat: 1, status: 'open', money: 2.5 }]);
    expect(await totals(own)).toEqual({ tenant: 2.5, domain: 2.5, run: 2.5 });
    await run.settle(reservationId, 1_000, { inputTokens: 2_000, cachedInputTokens: 1_000 });
    expect(await ledger(own)).toMatchObject([
      {
        status: 'succeeded',
        money: 0.004,
        input_tokens: 2_000,
        output_tokens: 1_000,
        cached_input_tokens: 1_000,
      },
    ]);
    expect(await totals(own)).toEqual({ tenant: 0.004, domain: 0.004, run: 0.004 });
  });

  it('never lets a hard budget be passed, however many calls want the last of it at once', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { tenant: hard('21') });
    const runs = Array.from({ length: 10 }, () => newRun(registry, own));
    const calls = Array.from({ length: 50 }, (_, at) => runs[at % runs.length]?.reserve());
    const ends = await Promise.allSettled(calls);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(refused).toHaveLength(40);
    for (const fault of refused) {
      expect(fault).toMatchObject({
        reason: 'resource_exhausted',
        violations: [{ field: 'budgets.tenant.hard', reason: expect.stringContaining('of 21') }],
      });
    }
    expect(await ledger(own)).toHaveLength(10);
    expect(await totals(own)).toMatchObject({ tenant: 20 });
  });

  it.each([
    ['domain', { domainId: 'rails' }],
    ['run', {}],
  ] as const)(
    'holds each %s to its own budget, and leaves nothing of what it refuses',
    async (scope, other) => {
      const own = await registry.newTenant();
      await setBudgets(registry, own, { [scope]: hard('3') });
      const run = newRun(registry, own);
      const { reservationId } = await run.reserve();
      const key = { call: { jobId: run.jobId, taskId: 'again', attempt: 1, number: 1 } };
      const refused = await faultOf(run.reserve(key));
      expect(refused).toMatchObject({
        reason: 'resource_exhausted',
        violations: [{ field: `budgets.${scope}.hard` }],
      });
      expect(await ledger(own)).toHaveLength(1);
      expect((await totals(own))[scope]).toBe(2);
      await (scope === 'run' ? newRun(registry, own) : run).reserve(other);
      await run.settle(reservationId, 1_000);
      await run.reserve(key);
      expect((await ledger(own)).map(({ repeat }) => repeat)).toEqual([1, 1, 1]);
    },
  );

  it('names every hard budget that forbids the call', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { tenant: hard('1'), domain: hard('1.5'), run: hard('0') });
    const { violations } = await faultOf(newRun(registry, own).reserve());
    expect(violations.map(({ field }) => field)).toEqual([
      'budgets.tenant.hard',
      'budgets.domain.hard',
      'budgets.run.hard',
    ]);
  });

  it('holds calls outside of domains to no budget of domains', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { domain: hard('0') });
    const run = newRun(registry, own);
    await run.reserve({ domainId: '' });
    expect(await totals(own)).toEqual({ tenant: 2, run: 2 });
    await expect(run.reserve()).rejects.toMatchObject({ reason: 'resource_exhausted' });
  });

  it('warns beyond a soft budget, and lets the call be made', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { tenant: soft('3'), run: { soft: '2', hard: '6', currency: 'EUR' } });
    const run = newRun(registry, own);
    const warned = async (of = run) => (await of.reserve()).warnings.map(({ budget }) => budget);
    expect(await warned()).toEqual([]);
    expect(await warned()).toEqual(['budgets.tenant.soft', 'budgets.run.soft']);
    expect(await warned(newRun(registry, own))).toEqual(['budgets.tenant.soft']);
    const told = `select scope, told_soft::float8 / 1e9 as soft from registry.usage_totals
      where tenant_id = $1 and told_soft is not null order by scope`;
    const { rows } = await registry.admin.query(told, [own.tenantId]);
    expect(rows).toEqual([
      { scope: 'run', soft: 2 },
      { scope: 'tenant', soft: 3 },
    ]);
  });

  it.each([
    ['without a price', undefined, /any\/model has no price.*MODEL_PRICES/],
    ['priced in another currency', { ...priceForTest, currency: 'USD' }, /price in USD.*budget in EUR/],
  ])(
    'refuses a call %s where there is a hard budget, and takes it where there is none',
    async (_name, price, reason) => {
      const own = await registry.newTenant();
      const run = newRun(registry, own);
      await run.reserve({ price });
      await setBudgets(registry, own, { run: hard('100') });
      const fault = await faultOf(run.reserve({ price }));
      expect(fault).toMatchObject({
        reason: 'resource_exhausted',
        violations: [{ field: 'budgets.run.hard' }],
      });
      expect(fault.message).toMatch(reason);
      expect(await ledger(own)).toHaveLength(1);
      await run.reserve();
    },
  );

  it('makes what a lost process reserved uncertain, and counts both', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const key = { call: { jobId: run.jobId, taskId: 'task', attempt: 1, number: 1 } };
    const first = await run.reserve(key);
    const second = await run.reserve(key);
    expect(second.reservationId).not.toBe(first.reservationId);
    expect(await ledger(own)).toMatchObject([
      { id: first.reservationId, repeat: 1, status: 'uncertain', money: 2 },
      { id: second.reservationId, repeat: 2, status: 'open', money: 2 },
    ]);
    expect(await totals(own)).toMatchObject({ tenant: 4, run: 4 });
    await run.settle(second.reservationId, 1_000);
    await run.reserve(key);
    expect((await ledger(own)).map(({ repeat, status }) => [repeat, status])).toEqual([
      [1, 'uncertain'],
      [2, 'succeeded'],
      [3, 'open'],
    ]);
  });

  it('gives each call a place of its own when the same one is reserved several times at once', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const key = { call: { jobId: run.jobId, taskId: 'task', attempt: 1, number: 1 } };
    await Promise.all(Array.from({ length: 8 }, () => run.reserve(key)));
    expect((await ledger(own)).map(({ repeat }) => repeat).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await totals(own)).toMatchObject({ run: 16 });
  });

  it('is the same reservation when it is asked for again under its name, at once or later, whatever became of it', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { run: { soft: '1', hard: '3', currency: 'EUR' } });
    const run = newRun(registry, own);
    const key = { call: { jobId: run.jobId, taskId: 'task', attempt: 1, number: 1 } };
    const named = { ...key, reservationId: newId() };
    const warning = { reservationId: named.reservationId, warnings: [{ budget: 'budgets.run.soft' }] };
    const answers = await Promise.all(Array.from({ length: 8 }, () => run.reserve(named)));
    for (const answer of answers) expect(answer).toMatchObject(warning);
    expect(await run.reserve(named)).toMatchObject(warning);
    expect(await ledger(own)).toMatchObject([{ id: named.reservationId, repeat: 1, status: 'open' }]);
    expect(await totals(own)).toEqual({ tenant: 2, domain: 2, run: 2 });
    await run.settle(named.reservationId, 500_000);
    expect(await run.reserve(named)).toMatchObject({ reservationId: named.reservationId, warnings: [] });
    expect(await ledger(own)).toMatchObject([{ repeat: 1, status: 'succeeded', money: 1 }]);
    expect(await totals(own)).toEqual({ tenant: 1, domain: 1, run: 1 });
  });

  it('refuses a name that another call has, and changes nothing', async () => {
    const own = await registry.newTenant();
    const [run, other] = [newRun(registry, own), newRun(registry, own)];
    const { reservationId } = await run.reserve();
    for (const each of [run, other]) {
      await expect(each.reserve({ reservationId })).rejects.toMatchObject({
        reason: 'already_exists',
        violations: [{ field: 'reservation_id' }],
      });
    }
    expect(await ledger(own)).toMatchObject([{ status: 'open' }]);
    expect(await totals(own)).toEqual({ tenant: 2, domain: 2, run: 2 });
    await newRun(registry, await registry.newTenant()).reserve({ reservationId });
  });

  it('is for the run of the token, and for no person', async () => {
    const own = await registry.newTenant();
    const [run, other] = [newRun(registry, own), newRun(registry, own)];
    const ofOther = { call: { jobId: other.jobId, taskId: 'task', attempt: 1, number: 1 } };
    await expect(run.reserve(ofOther)).rejects.toMatchObject({ reason: 'permission_denied' });
    await expect(registry.usage.reserveCall(ofOther, registry.as(own))).rejects.toMatchObject({
      reason: 'permission_denied',
    });
    expect(await ledger(own)).toEqual([]);
  });

  it('refuses a tenant that is not stored, and names everything in a call that is wrong', async () => {
    const stranger = newRun(registry, newPrincipal());
    await expect(stranger.reserve()).rejects.toMatchObject({ reason: 'unauthenticated' });
    const fault = await faultOf(stranger.reserve({ agentId: '', model: '', outputTokensMax: -1 }));
    expect(fault.violations.map(({ field }) => field)).toEqual(['agent_id', 'model', 'output_tokens_max']);
  });
});

describe('SettleCall', () => {
  it('counts the first end that is told, however often and whatever is told later', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const { reservationId } = await run.reserve();
    await Promise.all([1, 2, 3, 4].map(() => run.settle(reservationId, 500_000)));
    await run.settle(reservationId, 900_000);
    await run.settle(reservationId, 0, { outcome: CallOutcome.NOT_SENT });
    expect(await ledger(own)).toMatchObject([{ status: 'succeeded', money: 1, output_tokens: 500_000 }]);
    expect(await totals(own)).toEqual({ tenant: 1, domain: 1, run: 1 });
  });

  it('counts what a failed call used, and nothing of one that was not sent', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const [failed, unsent] = [await run.reserve(), await run.reserve()];
    await run.settle(failed.reservationId, 0, { outcome: CallOutcome.FAILED, inputTokens: 300_000 });
    await run.settle(unsent.reservationId, 0, { outcome: CallOutcome.NOT_SENT });
    expect((await ledger(own)).map(({ status, money }) => [status, money])).toEqual([
      ['failed', 0.3],
      ['not_sent', 0],
    ]);
    expect(await totals(own)).toMatchObject({ run: 0.3 });
  });

  it('settles what was uncertain by then', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const key = { call: { jobId: run.jobId, taskId: 'task', attempt: 1, number: 1 } };
    const first = await run.reserve(key);
    await run.reserve(key);
    await run.settle(first.reservationId, 500_000);
    expect((await ledger(own)).map(({ status, money }) => [status, money])).toEqual([
      ['succeeded', 1],
      ['open', 2],
    ]);
    expect(await totals(own)).toMatchObject({ run: 3 });
  });

  it('counts more than was reserved where a call cost more, and holds the next one to it', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { run: hard('5') });
    const run = newRun(registry, own);
    const { reservationId } = await run.reserve();
    await run.settle(reservationId, 2_000_000);
    expect(await totals(own)).toMatchObject({ run: 4 });
    await expect(run.reserve()).rejects.toMatchObject({ reason: 'resource_exhausted' });
  });

  it('settles a call without a price by its tokens alone', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const { reservationId } = await run.reserve({ price: undefined });
    await run.settle(reservationId, 7);
    expect(await ledger(own)).toMatchObject([
      { status: 'succeeded', money: null, currency: null, output_tokens: 7 },
    ]);
  });

  it('knows no reservation of another run or tenant, and none that was never made', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const run = newRun(registry, own);
    const { reservationId } = await run.reserve();
    const missing = { reason: 'not_found', message: 'No such reservation' };
    await expect(newRun(registry, own).settle(reservationId, 1)).rejects.toMatchObject(missing);
    await expect(newRun(registry, other).settle(reservationId, 1)).rejects.toMatchObject(missing);
    for (const id of [newId(), '', 'x']) await expect(run.settle(id, 1)).rejects.toMatchObject(missing);
    expect(await ledger(own)).toMatchObject([{ status: 'open' }]);
  });

  it('names everything that is wrong, and settles nothing', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const { reservationId } = await run.reserve();
    const wrong = { outcome: CallOutcome.UNSPECIFIED, inputTokens: -1, cachedInputTokens: 5 };
    const fault = await faultOf(run.settle(reservationId, 1, wrong));
    expect(fault.violations.map(({ field }) => field)).toEqual([
      'outcome',
      'input_tokens',
      'cached_input_tokens',
    ]);
    expect(await ledger(own)).toMatchObject([{ status: 'open' }]);
  });
});

describe('GetUsage', () => {
  /** Two agents in two domains on two models: settled, not sent, uncertain, open, and without a price. */
  async function spend(own: Principal): Promise<void> {
    const run = newRun(registry, own);
    const settled = await run.reserve();
    await run.settle(settled.reservationId, 500_000, { inputTokens: 100_000 });
    const unsent = await run.reserve();
    await run.settle(unsent.reservationId, 0, { outcome: CallOutcome.NOT_SENT });
    const key = { call: { jobId: run.jobId, taskId: 'task', attempt: 1, number: 1 }, agentId: 'agent-2' };
    await run.reserve(key);
    await run.reserve({ ...key, domainId: '', model: 'other' });
    const free = await run.reserve({ agentId: 'agent-2', price: undefined });
    await run.settle(free.reservationId, 3, { tokensEstimated: true });
  }

  const shown = (groups: Awaited<ReturnType<typeof usage>>['groups']) =>
    groups.map(
      ({ key, calls, uncertainCalls, estimatedCalls, inputTokens, outputTokens, money, currency }) => [
        key,
        ...[calls, uncertainCalls, estimatedCalls, inputTokens, outputTokens].map(Number),
        money,
        currency,
      ],
    );

  it('sums calls up by each grouping, money of each currency apart, and all of them together', async () => {
    const own = await registry.newTenant();
    await spend(own);
    const by = async (groupBy: UsageGrouping) => shown((await usage(own, { groupBy })).groups);
    expect(await by(UsageGrouping.AGENT)).toEqual([
      ['agent-2', 2, 1, 0, 0, 0, '4', 'EUR'],
      ['agent-1', 1, 0, 0, 100_000, 500_000, '1.1', 'EUR'],
      ['agent-2', 1, 0, 1, 0, 3, '', ''],
    ]);
    expect(await by(UsageGrouping.DOMAIN)).toEqual([
      ['roads', 2, 1, 0, 100_000, 500_000, '3.1', 'EUR'],
      ['', 1, 0, 0, 0, 0, '2', 'EUR'],
      ['roads', 1, 0, 1, 0, 3, '', ''],
    ]);
    expect(await by(UsageGrouping.MODEL)).toEqual([
      ['any/model', 2, 1, 0, 100_000, 500_000, '3.1', 'EUR'],
      ['any/model', 1, 0, 1, 0, 3, '', ''],
      ['any/other', 1, 0, 0, 0, 0, '2', 'EUR'],
    ]);
    const days = (await by(UsageGrouping.DAY)).map(([key]) => key);
    expect(days).toEqual([days[0], days[0]]);
    expect(days[0]).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(shown((await usage(own)).totals)).toEqual([
      ['', 1, 0, 1, 0, 3, '', ''],
      ['', 3, 1, 0, 100_000, 500_000, '5.1', 'EUR'],
    ]);
  });

  it('is shown to a viewer, and holds calls of the own tenant alone', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    await spend(own);
    expect((await usage({ ...own, roles: ['viewer'] })).groups).toHaveLength(3);
    expect(await usage(other)).toMatchObject({ groups: [], totals: [] });
  });

  it('names everything that is wrong', async () => {
    const own = await registry.newTenant();
    const wrong = { from: { seconds: -99_999_999_999n }, to: { seconds: 999_999_999_999n }, groupBy: 99 };
    const fault = await faultOf(usage(own, wrong));
    expect(fault.violations.map(({ field }) => field)).toEqual(['from', 'to', 'group_by']);
  });
});

describe('GetCallHistory', () => {
  const history = (principal: Principal, agents: object[], changes: object = {}) =>
    registry.usage.getCallHistory({ agents, ...changes }, registry.as(principal));

  it('answers what the newest tasks have used, all calls of a task together', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    const of = (taskId: string, attempt: number, number: number) => ({
      call: { jobId: run.jobId, taskId, attempt, number },
    });
    const settled = async (key: object, outputTokens: number, changes: object = {}) =>
      run.settle((await run.reserve(key)).reservationId, outputTokens, { inputTokens: 1_000, ...changes });
    await settled(of('first', 1, 1), 500);
    await settled(of('first', 1, 2), 0, { inputTokens: 0, outcome: CallOutcome.FAILED });
    await settled(of('first', 2, 1), 1_500);
    await settled(of('first', 2, 2), 0, { inputTokens: 0, outcome: CallOutcome.NOT_SENT });
    await run.reserve(of('open', 1, 1));
    await settled({ ...of('second', 1, 1), price: undefined }, 7);
    await settled({ ...of('mixed', 1, 1), price: undefined }, 7);
    await settled(of('mixed', 1, 2), 7);
    const { agents } = await history(own, [
      { agentId: 'agent-1', version: 1 },
      { agentId: 'agent-2', version: 1 },
    ]);
    const none = { money: '', currency: '' };
    expect(agents).toMatchObject([
      {
        version: 1,
        tasks: [
          { calls: 1, inputTokens: 1_000n, outputTokens: 7n, ...none },
          { calls: 3, inputTokens: 2_000n, outputTokens: 2_000n, money: '0.006', currency: 'EUR' },
        ],
        models: ['any/model'],
      },
      { version: 0, tasks: [], models: [] },
    ]);
    expect(agents[1]?.from).toBeUndefined();
    expect(Number(agents[0]?.to?.seconds)).toBeGreaterThanOrEqual(Number(agents[0]?.from?.seconds));
    const few = await history(own, [{ agentId: 'agent-1', version: 1 }], { tasksMax: 2 });
    expect(few.agents[0]?.tasks.map(({ calls }) => calls)).toEqual([1]);
  });

  it('answers of the newest version that has called models where the one asked about has not', async () => {
    const own = await registry.newTenant();
    const run = newRun(registry, own);
    for (const agentVersion of [2, 5, 5, 3]) {
      await run.settle((await run.reserve({ agentVersion })).reservationId, agentVersion);
    }
    const asked = [3, 4, 9].map((version) => ({ agentId: 'agent-1', version }));
    const { agents } = await history(own, asked);
    expect(agents.map(({ version, tasks }) => [version, tasks.length])).toEqual([
      [3, 1],
      [5, 2],
      [5, 2],
    ]);
  });

  it('is shown to a viewer, and holds tasks of the own tenant alone', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const run = newRun(registry, own);
    await run.settle((await run.reserve()).reservationId, 1);
    const asked = [{ agentId: 'agent-1', version: 1 }];
    const shownTo = async (principal: Principal) =>
      (await history(principal, asked)).agents.map(({ tasks }) => tasks.length);
    expect(await shownTo({ ...own, roles: ['viewer'] })).toEqual([1]);
    expect(await shownTo(other)).toEqual([0]);
  });

  it('names everything that is wrong', async () => {
    const own = await registry.newTenant();
    const none = await faultOf(history(own, [], { tasksMax: 201 }));
    expect(none.violations.map(({ field }) => field)).toEqual(['agents', 'tasks_max']);
    const wrong = await faultOf(history(own, [{ agentId: 'an agent', version: 0 }], { tasksMax: -1 }));
    expect(wrong.violations.map(({ field }) => field)).toEqual([
      'agents[0].agent_id',
      'agents[0].version',
      'tasks_max',
    ]);
  });
});
