// CreateDomain through the real service: what a new domain is, who may create it, and every rule of its definition.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  ApplyMode,
  FailurePolicy,
  TimeoutDecision,
} from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertAgent } from '../store/rows.for-test.ts';
import { refusal, told } from './agent-definition.for-test.ts';
import {
  type AgentOfEachClass,
  agentOfEachClass,
  domainDefinition,
  playbook,
  queryGraph,
} from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
let agents: AgentOfEachClass;
let other: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_create_domain'));
  own = await registry.newTenant({ roles: ['editor'] });
  agents = await agentOfEachClass(registry, own);
  other = await insertAgent(registry.admin, own);
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const create = (definition: JsonObject, principal = own) =>
  registry.domains.createDomain({ definition }, registry.as(principal));

const problemsOf = async (changes: Readonly<Record<string, JsonValue | undefined>>) =>
  told((await refusal(create(domainDefinition(agents, changes)))).violations);

/** Problems of a query playbook, without the path of its graph. */
const graphProblems = async (...graph: Parameters<typeof playbook>): Promise<readonly string[]> =>
  (await problemsOf({ query_playbook: playbook(...graph) })).map((text) => text.replaceAll(queryGraph, '~'));

describe('CreateDomain', () => {
  it('stores version 1 as the caller’s, with all that was given', async () => {
    const approval = {
      id: 'approval-chief',
      kind: 'approval',
      prompt: 'Really?',
      roles: ['admin'],
      timeout_s: 60,
      on_timeout: 'approve',
    };
    const settings = { failure_policy: 'continue', max_retries: 0, attempt_timeout_s: 5, total_timeout_s: 5 };
    const definition = domainDefinition(agents, {
      domain_id: 'whole',
      description: 'All of it',
      query_playbook: playbook([agents.query, approval], [[agents.query, 'approval-chief']], {
        ...settings,
        execution_timeout_s: 900,
      }),
      management_playbook: playbook([agents.management], [], { apply: 'review' }),
      version: 7,
      color: 'red',
    });
    const { domain, warnings } = await create(definition);
    expect(warnings).toEqual([]);
    expect(domain).toMatchObject({
      domainId: 'whole',
      domainName: 'Roads',
      description: 'All of it',
      version: 1,
      tenantId: own.tenantId,
      createdBy: own.userId,
      queryPlaybook: {
        nodes: [
          { kind: { case: 'agentId', value: agents.query } },
          {
            kind: {
              case: 'approval',
              value: {
                prompt: 'Really?',
                roles: ['admin'],
                timeoutS: 60,
                onTimeout: TimeoutDecision.APPROVE,
              },
            },
          },
        ],
        edges: [{ from: agents.query, to: 'approval-chief' }],
        settings: {
          failurePolicy: FailurePolicy.CONTINUE,
          maxRetries: 0,
          attemptTimeoutS: 5,
          totalTimeoutS: 5,
          executionTimeoutS: 900,
        },
      },
      managementPlaybook: { settings: { apply: ApplyMode.REVIEW } },
    });
    expect(domain?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const read = await registry.domains.getDomain({ domainId: 'whole' }, registry.as(own));
    expect(read.domain).toEqual(domain);
  });

  it('keeps the category model that its ingestion playbook names', async () => {
    const settings = { category_model: 'boston311' };
    const definition = domainDefinition(agents, {
      domain_id: 'sorted',
      ingestion_playbook: playbook([agents.ingestion], [], settings),
    });
    await create(definition);
    const { domain } = await registry.domains.getDomain({ domainId: 'sorted' }, registry.as(own));
    expect(domain?.ingestionPlaybook?.settings?.categoryModel).toBe('boston311');
    expect(domain?.queryPlaybook?.settings?.categoryModel).toBe('');
  });

  it('takes agents of the platform beside the tenant’s own', async () => {
    const { domain } = await create(
      domainDefinition(agents, {
        domain_id: 'mixed',
        query_playbook: playbook(['builtin-query-who', agents.query], [['builtin-query-who', agents.query]]),
      }),
    );
    expect(domain?.queryPlaybook?.edges).toMatchObject([{ from: 'builtin-query-who', to: agents.query }]);
  });

  it('is for editors and admins, and for no run', async () => {
    const definition = domainDefinition(agents, { domain_id: 'roles' });
    const viewer = { ...own, roles: ['viewer'] };
    expect((await refusal(create(definition, viewer))).reason).toBe('permission_denied');
    expect((await refusal(create({}, viewer))).reason).toBe('permission_denied');
    const run = { runId: 'job_1', capability: 'management' as const, writeTarget: '' };
    expect((await refusal(create(definition, { ...own, run }))).reason).toBe('permission_denied');
    await expect(create(definition, { ...own, roles: ['admin'] })).resolves.toBeDefined();
  });

  it('refuses an id that the tenant or the platform has, and none that another tenant has', async () => {
    const definition = domainDefinition(agents, { domain_id: 'taken' });
    await create(definition);
    expect(await refusal(create(definition))).toMatchObject({
      reason: 'already_exists',
      message: 'The domain_id taken is taken; choose another one',
    });
    const reserved = domainDefinition(agents, { domain_id: 'civic_complaints' });
    expect((await refusal(create(reserved))).reason).toBe('already_exists');
    const stranger = await registry.newTenant();
    const theirs = domainDefinition(await agentOfEachClass(registry, stranger), { domain_id: 'taken' });
    await expect(create(theirs, stranger)).resolves.toBeDefined();
  });

  it('stores one of two domains that are created under one id at the same moment', async () => {
    const definition = domainDefinition(agents, { domain_id: 'raced' });
    const outcomes = await Promise.allSettled([create(definition), create(definition)]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { reason: 'already_exists' } }]);
  });

  it('names everything that an empty definition lacks', async () => {
    expect(told((await refusal(create({}))).violations)).toEqual([
      'domain_id: is required',
      'domain_name: is required',
      'ingestion_playbook: is required',
      'query_playbook: is required',
      'management_playbook: is required',
    ]);
  });

  it.each<[string, Readonly<Record<string, JsonValue | undefined>>, readonly string[]]>([
    [
      'a domain_id of another form',
      { domain_id: 'Roads' },
      ['domain_id: must be 1 to 50 lower-case letters, digits or _, the first of them a letter'],
    ],
    [
      'a domain_id that is too long',
      { domain_id: 'a'.repeat(51) },
      ['domain_id: must have at most 50 characters'],
    ],
    ['a blank name', { domain_name: ' ' }, ['domain_name: must not be blank']],
    [
      'a name that is too long',
      { domain_name: 'x'.repeat(201) },
      ['domain_name: must have at most 200 characters'],
    ],
    [
      'a description that is too long',
      { description: 'x'.repeat(501) },
      ['description: must have at most 500 characters'],
    ],
    ['a playbook that is no object', { query_playbook: [] }, ['query_playbook: must be an object']],
    ['a playbook that is null', { query_playbook: null }, ['query_playbook: is required']],
    ['a playbook without a graph', { query_playbook: {} }, [`${queryGraph}: is required`]],
    [
      'a graph without lists',
      { query_playbook: { agent_execution_graph: {} } },
      [`${queryGraph}.nodes: is required`, `${queryGraph}.edges: is required`],
    ],
    [
      'lists that are none',
      { query_playbook: { agent_execution_graph: { nodes: {}, edges: 'x' } } },
      [`${queryGraph}.nodes: must be a list`, `${queryGraph}.edges: must be a list`],
    ],
  ])('refuses %s', async (_what, changes, expected) => {
    expect(await problemsOf(changes)).toEqual(expected);
  });

  const approval = (changes: JsonObject) => ({ id: 'approval-x', kind: 'approval', prompt: '?', ...changes });
  it.each<[string, () => Parameters<typeof playbook>, readonly string[]]>([
    ['no nodes', () => [[]], ['~.nodes: must name at least one agent']],
    ['approvals alone', () => [[approval({})]], ['~.nodes: must name at least one agent']],
    [
      'nodes of another form',
      () => [[agents.query, 7, 'a b', {}]],
      [
        '~.nodes[1]: must be an agent_id, or an approval {id, kind, prompt}',
        '~.nodes[2]: must be an agent_id, or an approval {id, kind, prompt}',
        '~.nodes[3].id: is required',
        '~.nodes[3].kind: is required',
        '~.nodes[3].prompt: is required',
      ],
    ],
    [
      'approvals that break rules of theirs',
      () => [
        [
          agents.query,
          approval({ id: 'chief', kind: 'agent', prompt: ' ' }),
          approval({ roles: ['viewer'], timeout_s: 30 * 86_400 + 1, on_timeout: 'ask' }),
        ],
      ],
      [
        '~.nodes[1].id: must be approval- and a name of letters, digits, - or _',
        '~.nodes[1].kind: must be one of approval',
        '~.nodes[1].prompt: must not be blank',
        '~.nodes[2].roles[0]: must be one of editor, admin',
        '~.nodes[2].timeout_s: must be a whole number from 1 to 2592000',
        '~.nodes[2].on_timeout: must be one of reject, approve',
      ],
    ],
    [
      'settings out of range',
      () => [
        [agents.query],
        [],
        {
          failure_policy: 'hope',
          max_retries: 11,
          attempt_timeout_s: 0,
          total_timeout_s: 1.5,
          execution_timeout_s: 9,
          apply: 'auto',
          category_model: 'atlantis',
        },
      ],
      [
        'query_playbook.settings.failure_policy: must be one of fail_fast, continue',
        'query_playbook.settings.apply: is a setting of the management playbook alone',
        'query_playbook.settings.category_model: must be one of boston-vz, boston311, dc-vz',
        'query_playbook.settings.category_model: is a setting of the ingestion playbook alone',
        'query_playbook.settings.max_retries: must be a whole number from 0 to 10',
        'query_playbook.settings.attempt_timeout_s: must be a whole number from 1 to 86400',
        'query_playbook.settings.total_timeout_s: must be a whole number from 1 to 86400',
        'query_playbook.settings.execution_timeout_s: must be a whole number from 10 to 2592000',
      ],
    ],
    [
      'an attempt longer than its task',
      () => [[agents.query], [], { attempt_timeout_s: 9, total_timeout_s: 8 }],
      ['query_playbook.settings.attempt_timeout_s: must not be longer than total_timeout_s'],
    ],
    [
      'duplicate nodes and edges',
      () => [
        [agents.query, other, agents.query],
        [
          [other, agents.query],
          [other, agents.query],
        ],
      ],
      ['~.nodes[2]: repeats ~.nodes[0]', '~.edges[1]: repeats ~.edges[0]'],
    ],
    [
      'edges whose ends are not listed',
      () => [[agents.query], [[other, 'nobody']]],
      [`~.edges[0].from: OTHER is not among the nodes`, '~.edges[0].to: nobody is not among the nodes'],
    ],
    [
      'agents of another class',
      () => [[agents.query, agents.ingestion]],
      ['~.nodes[1]: agent INGESTION is of class ingestion; this playbook lists agents of class query'],
    ],
    [
      'an edge from a node to itself',
      () => [[agents.query], [[agents.query, agents.query]]],
      ['~: circular dependency: QUERY -> QUERY'],
    ],
    [
      'a cycle of edges',
      () => [
        [agents.query, other],
        [
          [agents.query, other],
          [other, agents.query],
        ],
      ],
      ['~: circular dependency: QUERY -> OTHER -> QUERY'],
    ],
  ])('refuses %s', async (_what, graph, expected) => {
    const names = { [agents.query]: 'QUERY', [agents.ingestion]: 'INGESTION', [other]: 'OTHER' };
    const shown = (await graphProblems(...graph())).map((text) =>
      Object.entries(names).reduce((named, [id, name]) => named.replaceAll(id, name), text),
    );
    expect(shown).toEqual(expected);
  });

  it('refuses agents that are missing, another tenant’s or disabled, listed or pulled in, and says by whom', async () => {
    const { admin } = registry;
    const foreign = await insertAgent(admin, await registry.newTenant());
    const off = await insertAgent(admin, own, { enabled: false });
    const middle = await insertAgent(admin, own, { dependencies: [off, foreign] });
    const top = await insertAgent(admin, own, { dependencies: [middle] });
    expect(await graphProblems(['agent-none', foreign, top])).toEqual([
      '~.nodes[0]: agent agent-none does not exist',
      `~.nodes[1]: agent ${foreign} does not exist`,
      `~.nodes[2]: agent ${off}, which agent ${middle} depends on, is disabled`,
    ]);
    expect(await graphProblems([off, top])).toEqual([
      `~.nodes[0]: agent ${off} is disabled`,
      `~.nodes[1]: agent ${foreign}, which agent ${middle} depends on, does not exist`,
    ]);
  });

  it('refuses a playbook that is longer than its limits, and a plan that dependencies make too large', async () => {
    const { admin } = registry;
    const leaves = await Promise.all(Array.from({ length: 110 }, () => insertAgent(admin, own)));
    const tops = await Promise.all(
      [0, 20, 40, 60, 80, 100].map((at) =>
        insertAgent(admin, own, { dependencies: leaves.slice(at, at + 20) }),
      ),
    );
    expect(await graphProblems(leaves.slice(0, 51))).toEqual(['~.nodes: must have at most 50 items']);
    const nodes = leaves.slice(0, 21);
    const pairs = nodes.flatMap((from, at) => nodes.slice(at + 1).map((to) => [from, to] as const));
    expect(await graphProblems(nodes, pairs.slice(0, 201))).toEqual(['~.edges: must have at most 200 items']);
    expect(await graphProblems(tops)).toEqual(['~: The plan has more than 110 tasks']);
    const many = Array.from({ length: 1_001 }, (_, at) => `agent-${at}`);
    expect(await graphProblems(many)).toEqual(['~.nodes: must have at most 50 items']);
    const within = playbook([...leaves.slice(0, 45), ...tops.slice(0, 5)], pairs.slice(0, 200));
    const definition = domainDefinition(agents, { domain_id: 'large', query_playbook: within });
    await expect(create(definition)).resolves.toBeDefined();
  });

  it('takes pulled-in agents of any class', async () => {
    const top = await insertAgent(registry.admin, own, { dependencies: [agents.ingestion] });
    const definition = domainDefinition(agents, { domain_id: 'any_class', query_playbook: playbook([top]) });
    await expect(create(definition)).resolves.toBeDefined();
  });

  it('refuses cycles of edges and dependencies together, each by its path', async () => {
    const inner = await insertAgent(registry.admin, own);
    const outer = await insertAgent(registry.admin, own, { dependencies: [inner] });
    const cycles = await graphProblems(
      [outer, inner, agents.query, other],
      [
        [outer, inner],
        [agents.query, other],
        [other, agents.query],
      ],
    );
    expect(cycles).toEqual([
      `~: circular dependency: ${outer} -> ${inner} -> ${outer}`,
      `~: circular dependency: ${agents.query} -> ${other} -> ${agents.query}`,
    ]);
  });

  it('reports every problem of all three playbooks at once', async () => {
    const refused = await problemsOf({
      domain_id: '1',
      ingestion_playbook: playbook([agents.query]),
      query_playbook: {
        agent_execution_graph: { nodes: [agents.query, {}], edges: [{ from: agents.query }, 4] },
      },
      management_playbook: playbook([agents.management, 'agent-none'], [['x', agents.management]], {
        max_retries: -1,
      }),
    });
    expect(refused.map((text) => text.replace(/:.*/, ''))).toEqual([
      'domain_id',
      'query_playbook.agent_execution_graph.nodes[1].id',
      'query_playbook.agent_execution_graph.nodes[1].kind',
      'query_playbook.agent_execution_graph.nodes[1].prompt',
      'query_playbook.agent_execution_graph.edges[0].to',
      'query_playbook.agent_execution_graph.edges[1]',
      'management_playbook.settings.max_retries',
      'ingestion_playbook.agent_execution_graph.nodes[0]',
      'management_playbook.agent_execution_graph.edges[0].from',
      'management_playbook.agent_execution_graph.nodes[1]',
    ]);
  });

  it('writes an entry into the audit log, and none for what was refused', async () => {
    const caller = await registry.newTenant({ roles: ['editor'] });
    const theirs = await agentOfEachClass(registry, caller);
    await create(domainDefinition(theirs), caller);
    await refusal(create(domainDefinition(theirs), caller));
    const { rows } = await registry.admin.query(
      'select operation_type, entity_type, entity_id, user_id, before_hash, after_hash from registry.audit_log where tenant_id = $1',
      [caller.tenantId],
    );
    expect(rows).toEqual([
      {
        operation_type: 'create',
        entity_type: 'domain',
        entity_id: 'roads',
        user_id: caller.userId,
        before_hash: null,
        after_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });
});
