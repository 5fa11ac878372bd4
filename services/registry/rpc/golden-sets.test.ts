// Golden sets through the real service: written as a whole by admins, read by everyone of the tenant, judged all at once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { refusal, told } from './agent-definition.for-test.ts';
import { agentOfEachClass, domainDefinition } from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_golden_sets'));
}, 60_000);
beforeEach(async () => {
  own = await registry.newTenant();
  const definition = domainDefinition(await agentOfEachClass(registry, own));
  await registry.domains.createDomain({ definition }, registry.as(own));
});
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const row = (expected: JsonObject = { answer: '7' }): JsonObject => ({
  input: { question: 'How many?' },
  expected,
});
const sound = (changes: JsonObject = {}): JsonObject => ({
  playbook: 'query',
  rows: [row()],
  thresholds: { precision: 0.8, recall: 0.5 },
  ...changes,
});
const put = (definition: JsonObject, name = 'basics') =>
  registry.goldenSets.putGoldenSet({ domainId: 'roads', name, definition }, registry.as(own));
const get = (name = 'basics') =>
  registry.goldenSets.getGoldenSet({ domainId: 'roads', name }, registry.as(own));

describe('a golden set', () => {
  it('is stored as a whole, and each write is the next version', async () => {
    const bounds = { precision: 1, recall: 0.5, cost_ratio_max: 2, latency_ratio_max: 3 };
    const first = sound({ thresholds: bounds, tolerances: { distance_km: 0.2 }, required: true });
    expect(await put(first)).toMatchObject({ created: true, goldenSet: { version: 1, required: true } });
    const { goldenSet } = await get();
    expect(goldenSet).toMatchObject({
      ...{ domainId: 'roads', name: 'basics', rowsTotal: 1, distanceKm: 0.2, updatedBy: own.userId },
      thresholds: { precision: 1, recall: 0.5, costRatioMax: 2, latencyRatioMax: 3 },
      rows: [{ input: { question: 'How many?' }, expected: { answer: '7' } }],
    });
    const second = await put(sound({ rows: [row(), row()] }));
    expect(second).toMatchObject({
      created: false,
      goldenSet: { version: 2, required: false, rowsTotal: 2, distanceKm: 1 },
    });
    expect(second.goldenSet?.createdAt).toEqual(goldenSet?.createdAt);
  });

  it('is listed without its rows, by name', async () => {
    await put(sound(), 'second');
    await put(sound(), 'first');
    const { goldenSets } = await registry.goldenSets.listGoldenSets({ domainId: 'roads' }, registry.as(own));
    expect(goldenSets.map(({ name, rows, rowsTotal }) => [name, rows, rowsTotal])).toEqual([
      ['first', [], 1],
      ['second', [], 1],
    ]);
  });

  it('warns of paths that no agent answers, and stores them all the same', async () => {
    const expected = { answer: '7', 'references[0]': 'inc_1', 'mood.now': 'good' };
    const { warnings } = await put(sound({ rows: [row(expected), row(expected)] }));
    expect(warnings).toMatchObject([
      { code: 'unknown_path', path: 'rows[0].expected["mood.now"]', domainId: 'roads' },
    ]);
  });

  it('goes with its domain, which can be deleted while none is required', async () => {
    await put(sound({ required: true }));
    const deleteDomain = () => registry.domains.deleteDomain({ domainId: 'roads' }, registry.as(own));
    const { reason, violations } = await refusal(deleteDomain());
    expect([reason, violations[0]?.field]).toEqual(['failed_precondition', 'golden_sets.basics']);
    await put(sound());
    await deleteDomain();
    expect((await refusal(get())).reason).toBe('not_found');
    const { rows } = await registry.admin.query('select 1 from registry.golden_sets where tenant_id = $1', [
      own.tenantId,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('what is wrong with a golden set', () => {
  it('is told all at once, by path', async () => {
    const rows: JsonValue[] = [
      'text',
      {},
      { input: { text: 'A hole', reference_time: 'soon' }, expected: {} },
      { input: { question: ' ' }, expected: { 'a..b': 1, '[0]': 2 } },
    ];
    const definition = { playbook: 'query', rows, thresholds: { precision: 2 }, required: 'yes' };
    const { reason, violations } = await refusal(put(definition));
    expect(reason).toBe('invalid_argument');
    expect(told(violations)).toEqual([
      'rows[0]: must be an object {input, expected}',
      'rows[1].input: is required',
      'rows[1].expected: is required',
      'rows[2].input.question: is required',
      'rows[2].input.text: is not given to runs of this playbook; they may have question, reference_time, session_references',
      'rows[2].input.reference_time: must be an ISO 8601 time with its zone, such as 2025-03-14T08:00:00Z',
      'rows[2].expected: must name at least one path',
      'rows[3].input.question: must not be blank',
      'rows[3].expected["a..b"]: is no path; write one such as urgency, geo_location.coordinates[1] or entities[].name',
      'rows[3].expected["[0]"]: is no path; write one such as urgency, geo_location.coordinates[1] or entities[].name',
      'thresholds.recall: is required',
      'thresholds.precision: must be a number from 0 to 1',
      'required: must be true or false',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['no rows', { rows: [] }, 'rows: must have at least 1 item'],
    [
      'too many rows',
      { rows: Array.from({ length: 201 }, () => row()) },
      'rows: must have at most 200 items',
    ],
    [
      'a management playbook',
      { playbook: 'management' },
      'playbook: must be ingestion or query: what a management playbook does is what it writes, and a gate writes nothing',
    ],
    ['its size', { rows: [row({ answer: 'x'.repeat(600_000) })] }, 'body: must have at most 512 KB as JSON'],
    [
      'too many paths',
      {
        rows: [0, 50, 100].map((from) =>
          row(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${from + at}`, 1]))),
        ),
      },
      'rows: must name at most 100 different paths, not 150',
    ],
  ])('is %s', async (_name, changes, expected) => {
    expect(told((await refusal(put(sound(changes)))).violations)).toEqual([expected]);
  });

  it('is its name, when that has another form', async () => {
    expect(told((await refusal(put(sound(), 'Big Set'))).violations)).toEqual([
      'name: must be 1 to 50 lower-case letters, digits or _, the first of them a letter',
    ]);
  });

  it('is that its domain has 20 of them', async () => {
    for (let at = 0; at < 20; at += 1) await put(sound(), `set_${at}`);
    const { reason, message } = await refusal(put(sound(), 'one_more'));
    expect([reason, message]).toEqual(['failed_precondition', expect.stringContaining('has 20 golden sets')]);
    expect(await put(sound(), 'set_3')).toMatchObject({ goldenSet: { version: 2 } });
  });
});
