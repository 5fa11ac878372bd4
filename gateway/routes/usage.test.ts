// Usage and budgets through the gateway: what is asked of the registry and how its answers are shown.
import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantSettings } from '../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import { UsageGrouping, UsageGroupSchema } from '../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { GetUsageRequest } from '../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
let viewer: string;
let admin: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  [viewer, admin] = [await at.token({ roles: ['viewer'] }), await at.token({ roles: ['admin'] })];
});
afterEach(() => {
  delete at.handlers.usage;
  delete at.handlers.tenants;
});
afterAll(() => at.close());

describe('GET usage', () => {
  const [from, to] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-02T00:00:00Z')];
  const priced = {
    calls: 3n,
    ...{ uncertainCalls: 1n, estimatedCalls: 2n },
    inputTokens: 900n,
    outputTokens: 80n,
    money: '0.0125',
    currency: 'EUR',
  };
  const unpriced = { calls: 1n, inputTokens: 10n, outputTokens: 2n };

  it('shows the sums of the ledger, money by currency, to a viewer', async () => {
    at.handlers.usage = {
      getUsage: () => ({
        groups: [
          create(UsageGroupSchema, { ...priced, key: 'agent-1' }),
          create(UsageGroupSchema, { ...unpriced, key: 'agent-1' }),
        ],
        totals: [create(UsageGroupSchema, unpriced), create(UsageGroupSchema, priced)],
        from: timestampFromDate(from),
        to: timestampFromDate(to),
      }),
    };
    const { status, body } = await at.send('GET usage', { token: viewer });
    const [money, none] = [
      {
        ...{ calls: 3, uncertain_calls: 1, estimated_calls: 2, input_tokens: 900, output_tokens: 80 },
        ...{ money: 0.0125, currency: 'EUR' },
      },
      {
        ...{ calls: 1, uncertain_calls: 0, estimated_calls: 0, input_tokens: 10, output_tokens: 2 },
        ...{ money: null, currency: null },
      },
    ];
    expect(status).toBe(200);
    expect(body).toEqual({
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
      group_by: 'agent',
      groups: [
        { key: 'agent-1', ...money },
        { key: 'agent-1', ...none },
      ],
      totals: [none, money],
    });
  });

  it('asks for the times and the grouping that the query names', async () => {
    const asked: GetUsageRequest[] = [];
    at.handlers.usage = {
      getUsage: (request) => {
        asked.push(request);
        return { from: timestampFromDate(from), to: timestampFromDate(to) };
      },
    };
    for (const word of ['agent', 'domain', 'model', 'day']) {
      await at.send(`GET usage?from=2026-03-01&to=2026-03-02T01:00:00%2B01:00&group_by=${word}`, {
        token: viewer,
      });
    }
    await at.send('GET usage', { token: viewer });
    expect(asked.map(({ groupBy }) => groupBy)).toEqual([
      UsageGrouping.AGENT,
      UsageGrouping.DOMAIN,
      UsageGrouping.MODEL,
      UsageGrouping.DAY,
      UsageGrouping.AGENT,
    ]);
    expect(asked.map((each) => each.from && timestampDate(each.from))).toEqual([
      from,
      from,
      from,
      from,
      undefined,
    ]);
    expect(asked.map((each) => each.to && timestampDate(each.to))).toEqual([to, to, to, to, undefined]);
  });

  it('names everything in the query that is wrong', async () => {
    const answer = await at.send('GET usage?from=yesterday&to=x&group_by=user', { token: viewer });
    expect(answer.status).toBe(400);
    expect(
      problemOf(answer)
        .details.map(({ field }) => field)
        .toSorted(),
    ).toEqual(['from', 'group_by', 'to']);
  });

  it('is for nobody without a credential', async () => {
    expect((await at.send('GET usage')).status).toBe(401);
  });
});

describe('budgets of tenant/settings', () => {
  let stored: TenantSettings | undefined;
  const keep = () => {
    stored = undefined;
    at.handlers.tenants = {
      updateTenantSettings: ({ settings }) => {
        stored = settings;
        return { settings };
      },
    };
  };
  const put = (budgets: unknown) => at.send('PUT tenant/settings', { token: admin, body: { budgets } });

  it('are passed on as decimal text and shown as numbers, absent ones as null', async () => {
    keep();
    const { status, body } = await put({
      tenant: { soft: 100, hard: 250.000000001, currency: 'EUR' },
      run: { hard: 1e-9, soft: null, currency: 'EUR' },
    });
    expect(status).toBe(200);
    expect(stored?.budgets).toMatchObject({
      tenant: { soft: '100', hard: '250.000000001', currency: 'EUR' },
      run: { soft: '', hard: '0.000000001', currency: 'EUR' },
    });
    expect(stored?.budgets?.domain).toBeUndefined();
    const shown = {
      tenant: { soft: 100, hard: 250.000000001, currency: 'EUR' },
      domain: null,
      run: { soft: null, hard: 1e-9, currency: 'EUR' },
    };
    expect(body.budgets).toEqual(shown);
    expect((await put(body.budgets)).body.budgets).toEqual(shown);
  });

  it.each([undefined, null, {}, { tenant: null, domain: null, run: null }])(
    'are none where they are %j',
    async (none) => {
      keep();
      const { body } = await put(none);
      expect(body.budgets).toEqual({ tenant: null, domain: null, run: null });
      expect(stored?.budgets?.tenant).toBeUndefined();
    },
  );

  it('are refused where their form is wrong, everything at once', async () => {
    keep();
    const answer = await put({
      tenant: { soft: -1, hard: true },
      domain: 5,
      run: { soft: '1', currency: 978 },
    });
    expect(answer.status).toBe(400);
    expect(
      problemOf(answer)
        .details.map(({ field }) => field)
        .toSorted(),
    ).toEqual([
      'budgets.domain',
      'budgets.run.currency',
      'budgets.run.soft',
      'budgets.tenant.currency',
      'budgets.tenant.hard',
      'budgets.tenant.soft',
    ]);
    expect(stored).toBeUndefined();
  });
});
