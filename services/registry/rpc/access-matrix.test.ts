// Whom each RPC of the registry answers: every method that its contracts have, called by everyone who may not. What a method needs is
// said in one table; a method that is not in it, or a field that names something new, fails until it is classified.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  toJsonString,
} from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { meshIssuers } from '../../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { CallOutcome } from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { newPrincipal } from '../store/rows.for-test.ts';
import { foreignAnswers, least, namesNothing, openToRuns } from './access-table.for-test.ts';
import { createdAgent } from './agent-definition.for-test.ts';
import { colleague, domainDefinition } from './domain-definition.for-test.ts';

/** Stands in every text that the tenant stores. */
const secret = 'kept-from-strangers';

/** Objects of a tenant by the names of the fields that name them. */
interface Named {
  readonly agentId: string;
  readonly domainId: string;
  /** Of the domain. */
  readonly goldenSet: string;
  readonly toolName: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly userId: string;
  /** Of a call of the job that every run of these tests belongs to. */
  readonly reservationId: string;
}

interface Method {
  readonly name: string;
  readonly method: DescMethod;
}

const jobId = prefixedId('job_', newId());
const methods = await methodsOfContracts();
let databases: TestDatabases;
let registry: RegistryForTest;
let transport: ReturnType<typeof createMeshTransport>;
let own: Principal;
let stranger: Principal;
let named: Named;
let keyHash: Uint8Array;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_access_matrix'));
  transport = createMeshTransport({
    target: registry.address,
    tracer: trace.getTracer('test'),
    clock: systemClock,
  });
  [own, stranger] = [await registry.newTenant(), await registry.newTenant()];
  named = await storeEverything();
}, 60_000);
afterAll(async () => {
  transport?.close();
  await registry?.close();
  await databases?.stop();
});

async function methodsOfContracts(): Promise<readonly Method[]> {
  const folder = new URL('../../../proto/gen/domainflow/registry/v1/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('_service_pb.js'));
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).pathname)));
  return modules
    .flatMap((module) => Object.values(module as Record<string, { kind?: string }>))
    .filter((exported): exported is DescService => exported.kind === 'service')
    .flatMap((service) =>
      service.methods.map((method) => ({ name: `${service.name}.${method.name}`, method })),
    );
}

/** One object of each kind, all of them the tenant's own. */
async function storeEverything(): Promise<Named> {
  const as = registry.as(own);
  const tool = {
    tool_name: 'own_tool',
    description: secret,
    tool_type: 'custom',
    endpoint: 'https://tool.example.org',
    auth_method: 'none',
  };
  await registry.tools.createTool({ definition: tool }, as);
  const text = { agent_name: secret, system_prompt: secret, tools: ['own_tool'] };
  const create = (agentClass: string) => createdAgent(registry, own, { ...text, agent_class: agentClass });
  const agents = {
    ingestion: await create('ingestion'),
    query: await create('query'),
    management: await create('management'),
  };
  await registry.access.grantToolAccess({ agentId: agents.query, toolName: 'own_tool' }, as);
  const definition = domainDefinition(agents, { domain_name: secret });
  await registry.domains.createDomain({ definition }, as);
  const rows = [{ input: { question: secret }, expected: { answer: secret } }];
  const set = { playbook: 'query', rows, thresholds: { precision: 1, recall: 1 } };
  await registry.goldenSets.putGoldenSet({ domainId: 'roads', name: 'own_set', definition: set }, as);
  const team = { team_name: secret, members: [own.userId] };
  const teamId = (await registry.teams.createTeam({ definition: team }, as)).team?.id ?? '';
  const settings = { homeArea: { name: secret, point: { longitude: 1, latitude: 1 } } };
  await registry.tenants.updateTenantSettings({ settings }, as);
  const wanted = { definition: { name: secret, kind: 'master' } };
  const { key, apiKey } = await registry.apiKeys.createApiKey(wanted, as);
  keyHash = createHash('sha256').update(apiKey).digest();
  await registry.apiKeys.authenticateApiKey({ keyHash }, registry.asService('gateway'));
  const run = { runId: jobId, capability: 'query', writeTarget: '' };
  const called = { agentId: agents.query, agentVersion: 1, provider: secret, model: secret };
  const call = { ...called, reservationId: newId(), call: callKey(jobId) };
  const { reservationId } = await registry.usage.reserveCall(call, registry.as({ ...own, run }));
  return {
    agentId: agents.query,
    domainId: 'roads',
    goldenSet: 'own_set',
    toolName: 'own_tool',
    teamId,
    keyId: key?.keyId ?? '',
    userId: own.userId,
    reservationId,
  };
}

/** Always of one call, which a reservation belongs to. */
const callKey = (ofJob: string) => ({ jobId: ofJob, taskId: 'task', attempt: 1, number: 1 });

/** Names of the same forms that nobody has. */
function unknownNames(): Named {
  return {
    agentId: prefixedId('agent-', newId()),
    domainId: 'rails',
    goldenSet: 'other_set',
    toolName: 'other_tool',
    teamId: newId(),
    keyId: prefixedId('key_', newId()),
    userId: newId(),
    reservationId: newId(),
  };
}

/** A document that each write takes for its own: its fields refer to the named objects wherever a document can. */
function documentNaming({ agentId, toolName, userId }: Named) {
  const graph = { agent_execution_graph: { nodes: [agentId], edges: [] } };
  const free = `n_${newId().replaceAll('-', '')}`;
  return {
    agent_name: 'Any',
    agent_class: 'query',
    system_prompt: 'Any',
    output_schema: { answer: { type: 'string' } },
    tools: [toolName],
    agent_dependencies: [agentId],
    domain_id: free,
    domain_name: 'Any',
    ingestion_playbook: graph,
    query_playbook: graph,
    management_playbook: graph,
    tool_name: free,
    tool_type: 'custom',
    endpoint: 'https://any.example.org',
    auth_method: 'none',
    team_name: 'Any',
    members: [userId],
    name: 'Any',
    kind: 'user',
    permissions: ['agents:read'],
  };
}

/** Names by the fields of requests; `id` is a team's. */
function valuesOf(input: DescMessage, names: Named): Record<string, unknown> {
  const claims = { tenantName: 'Any', subject: newId(), username: newId() };
  const version = input.typeName.includes('Rollback') ? { version: 1 } : {};
  const all: Record<string, unknown> = {
    ...names,
    ...claims,
    ...version,
    id: names.teamId,
    name: names.goldenSet,
    candidate: { agent: { agent_id: names.agentId, description: 'Any' } },
    entityId: names.agentId,
    keys: [{ agentId: names.agentId }],
    agents: [{ agentId: names.agentId, version: 1 }],
    playbook: AgentClass.QUERY,
    definition: documentNaming(names),
    keyHash,
    call: callKey(jobId),
    agentVersion: 1,
    provider: 'any',
    model: 'any',
    outcome: CallOutcome.SUCCEEDED,
  };
  const fields = input.fields.map(({ localName }) => localName);
  return Object.fromEntries(fields.filter((field) => field in all).map((field) => [field, all[field]]));
}

interface Outcome {
  /** `answered`, or the reason of the fault. */
  readonly is: string;
  readonly message: string;
  readonly violations: readonly unknown[];
  /** What was answered, as JSON text. */
  readonly said: string;
}

/** Calls a method with the names; of a stream the first message counts. */
async function outcomeOf({ method }: Method, names: Named, options: CallOptions): Promise<Outcome> {
  const message = create(method.input, valuesOf(method.input, names));
  try {
    const answer = await answerOf(method, message, options);
    return { is: 'answered', message: '', violations: [], said: toJsonString(method.output, answer) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { is: error.reason, message: error.message, violations: error.violations, said: '' };
  }
}

async function answerOf(method: DescMethod, request: Message, options: CallOptions): Promise<Message> {
  type Call = (request: Message, options: CallOptions) => Promise<Message> & AsyncIterable<Message>;
  const client: Readonly<Record<string, unknown>> = createMeshClient(method.parent, transport);
  const call = client[method.localName] as Call;
  if (method.methodKind === 'unary') return call(request, options);
  for await (const first of call(request, options)) return first;
  throw new Error('The stream held nothing');
}

const isForGates = ({ name }: Method): boolean => least[name] === 'gate';
const isForRuns = ({ name }: Method): boolean => least[name] === 'run';
const isForPeople = ({ name }: Method): boolean => ['viewer', 'editor', 'admin'].includes(least[name] ?? '');
const writes = ({ method }: Method): boolean => method.idempotency !== Idempotency.NO_SIDE_EFFECTS;
const refusesRuns = (each: Method): boolean =>
  (writes(each) || least[each.name] !== 'viewer') && !openToRuns.includes(each.name);
const namesObjects = ({ method }: Method): boolean =>
  method.input.fields.some(({ localName }) => !namesNothing.includes(localName));
const told = (chosen: readonly Method[]): readonly (readonly [string, Method])[] =>
  chosen.map((each) => [each.name, each]);
const forPeople = methods.filter(isForPeople);
const forRuns = methods.filter(isForRuns);
const forGates = methods.filter(isForGates);
const forServices = methods.filter((each) => !isForPeople(each) && !isForRuns(each) && !isForGates(each));

/** A run of the principal, as the orchestrator and as the agents service speak for it. */
function asRuns(principal: Principal, runId = jobId): readonly CallOptions[] {
  const withRun = { ...principal, run: { runId, capability: 'management', writeTarget: '' } };
  return [registry.as(withRun), registry.asAgentsFor(withRun)];
}

/** Everything that the tenant has, in every table of the schema that says whose its rows are. */
async function rowsOf(tenantId: string): Promise<string> {
  const { rows: tables } = await registry.admin.query<{ name: string }>(
    `select table_name as name from information_schema.columns
    where table_schema = 'registry' and column_name = 'tenant_id' order by table_name`,
  );
  expect(tables.length).toBeGreaterThan(10);
  const all = tables.map(async ({ name }) => {
    const text = `select to_jsonb(t)::text as row from registry.${name} t where tenant_id = $1 order by 1`;
    return (await registry.admin.query(text, [tenantId])).rows;
  });
  return JSON.stringify(await Promise.all(all), undefined, 1);
}

describe('the table of access', () => {
  it('has every method of the contracts, and no other', () => {
    expect(methods.map(({ name }) => name).sort()).toEqual(Object.keys(least).sort());
    expect(Object.keys(foreignAnswers).every((name) => name in least)).toBe(true);
  });

  it('knows of every field of a request what it names', () => {
    const fields = methods.flatMap(({ name, method }) =>
      method.input.fields.map(({ localName }) => ({ name, localName })),
    );
    const ids = [
      'agentId',
      'domainId',
      'goldenSet',
      'name',
      'toolName',
      'id',
      'keyId',
      'userId',
      'entityId',
      'keys',
      'agents',
    ];
    const known = [...ids, 'call', 'reservationId'];
    const unknown = fields.filter(({ localName }) => ![...known, ...namesNothing].includes(localName));
    expect(unknown).toEqual([]);
  });
});

describe('nobody', () => {
  it.each(told(methods))('is refused by %s', async (_name, each) => {
    const { headers } = registry.as(own);
    const token = new Headers(headers).get('authorization')?.slice('Bearer '.length) ?? '';
    for (const wrong of ['', token.slice(0, -4), token.replace(/\..*\./, '.e30.')]) {
      const options = callWith({ token: wrong, timeoutMs: 10_000 });
      expect(await outcomeOf(each, named, options)).toMatchObject({ is: 'unauthenticated' });
    }
  });
});

describe('a person of the tenant', () => {
  it.each(told(forPeople.filter(({ name }) => least[name] !== 'viewer')))(
    'below the least role is refused by %s, whatever is named',
    async (name, each) => {
      const below = least[name] === 'admin' ? ['viewer', 'editor'] : ['viewer'];
      for (const roles of [...below.map((role) => [role]), [], ['Admin', 'owner', 'ADMIN', 'admin ']]) {
        for (const names of [named, unknownNames()]) {
          const message = `This needs the role ${least[name]}`;
          const outcome = await outcomeOf(each, names, registry.as({ ...own, roles }));
          expect(outcome).toMatchObject({ is: 'permission_denied', message });
        }
      }
    },
  );

  it.each(told(forPeople.filter((each) => !writes(each))))('is answered by %s', async (name, each) => {
    const outcome = await outcomeOf(each, named, registry.as({ ...own, roles: [least[name] ?? ''] }));
    // A check may find fault with the document; it answers all the same.
    expect(outcome).toMatchObject({ is: 'answered' });
  });

  it.each(told([...forServices, ...forRuns, ...forGates]))('is refused by %s', async (_name, each) => {
    expect(await outcomeOf(each, named, registry.as(own))).toMatchObject({ is: 'permission_denied' });
  });
});

describe('an editor', () => {
  it.each(
    told(forPeople.filter((each) => writes(each) && least[each.name] === 'editor' && namesObjects(each))),
  )('who did not create the object is refused by %s', async (_name, each) => {
    const editor = await colleague(registry, own, { userId: newId(), roles: ['editor'] });
    const outcome = await outcomeOf(each, named, registry.as(editor));
    expect(outcome).toMatchObject({ is: 'permission_denied' });
    expect(outcome.message).toMatch(/was created by another user/);
  });
});

describe('a run with the rights of an admin', () => {
  it.each(told(methods.filter(refusesRuns)))('is refused by %s', async (_name, each) => {
    for (const options of asRuns(own)) {
      expect(await outcomeOf(each, named, options)).toMatchObject({ is: 'permission_denied' });
    }
  });

  it.each(told(methods.filter((each) => !refusesRuns(each))))('is answered by %s', async (_name, each) => {
    for (const options of asRuns(own)) {
      expect(await outcomeOf(each, named, options)).toMatchObject({ is: 'answered' });
    }
  });
});

describe('another run', () => {
  it.each(told(forRuns))('of the tenant, or of another one, gets nothing from %s', async (_name, each) => {
    const before = await rowsOf(own.tenantId);
    const others = [
      ...asRuns(own, prefixedId('job_', newId())),
      ...asRuns(stranger, prefixedId('job_', newId())),
    ];
    for (const options of others) {
      const [ofOwn, ofNobody] = [
        await outcomeOf(each, named, options),
        await outcomeOf(each, unknownNames(), options),
      ];
      expect(ofOwn.is).toMatch(/^(?:not_found|permission_denied)$/);
      expect(ofOwn).toEqual(ofNobody);
    }
    expect(await rowsOf(own.tenantId)).toBe(before);
  });

  it.each(told(forRuns))(
    'of the same name in another tenant changes nothing of the own one by %s',
    async (_name, each) => {
      const before = await rowsOf(own.tenantId);
      for (const options of asRuns(stranger)) await outcomeOf(each, named, options);
      expect(await rowsOf(own.tenantId)).toBe(before);
    },
  );
});

describe('a service that speaks for itself', () => {
  it.each(told([...forPeople, ...forRuns, ...forGates]))('is nobody to %s', async (_name, each) => {
    for (const service of meshIssuers) {
      const outcome = await outcomeOf(each, named, registry.asService(service));
      expect(outcome).toMatchObject({ is: 'unauthenticated' });
    }
  });

  it.each(told(forServices))('is answered by %s only if it is one that may call it', async (name, each) => {
    for (const service of meshIssuers) {
      const may = least[name] === 'services' || service === least[name];
      const outcome = await outcomeOf(each, named, registry.asService(service));
      expect([service, outcome.is]).toEqual([service, may ? 'answered' : 'permission_denied']);
    }
  });
});

describe('the system tenant', () => {
  it.each(told([...forPeople, ...forRuns]))('is nobody to %s', async (_name, each) => {
    const system = newPrincipal({ tenantId: systemTenantId });
    for (const options of [registry.as(system), ...asRuns(system)]) {
      expect(await outcomeOf(each, named, options)).toMatchObject({ is: 'unauthenticated' });
    }
  });
});

describe('another tenant', () => {
  it.each(told(forPeople))('learns nothing from %s, and changes nothing', async (name, each) => {
    const before = await rowsOf(own.tenantId);
    const unknown = unknownNames();
    const neutral = (names: Named, outcome: Outcome): string =>
      Object.values(names).reduce(
        (text, id) => text.replaceAll(id, '…'),
        JSON.stringify([outcome.is, outcome.message, outcome.violations]),
      );
    for (const options of [registry.as(stranger), ...asRuns(stranger)]) {
      const aboutOwn = await outcomeOf(each, named, options);
      expect(neutral(named, aboutOwn)).toBe(neutral(unknown, await outcomeOf(each, unknown, options)));
      expect(aboutOwn.said).not.toContain(secret);
      expect(aboutOwn.said).not.toContain(own.tenantId);
      expect(aboutOwn.said).not.toContain(own.userId);
    }
    const { is } = await outcomeOf(each, named, registry.as(stranger));
    if (namesObjects(each)) {
      const expected = foreignAnswers[name] ?? 'not_found';
      expect(is).toBe(expected === 'nothing' ? 'answered' : expected);
    }
    expect(await rowsOf(own.tenantId)).toBe(before);
  });
});
