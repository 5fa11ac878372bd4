// Every write of every service of the registry leaves exactly one entry in the audit log and one piece of news, both right. The contracts
// say which methods write; a method that is missing here fails the first test.

import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency, timestampDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { WatchChangesResponse } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { contentHash } from '../core/audit.ts';
import { newPrincipal } from '../store/rows.for-test.ts';
import { agentDefinition } from './agent-definition.for-test.ts';
import { type AgentOfEachClass, agentOfEachClass, domainDefinition } from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
let graph: AgentOfEachClass;
let news: AsyncIterator<WatchChangesResponse>;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_every_write'));
  own = await registry.newTenant();
  graph = await agentOfEachClass(registry, own);
  news = registry.changes.watchChanges({}, registry.asService('gateway'))[Symbol.asyncIterator]();
  await news.next();
}, 60_000);
afterAll(async () => {
  await news?.return?.();
  await registry?.close();
  await databases?.stop();
});

/** Methods that are no reads by their contract and leave no entry all the same. */
const recordsNothing: Readonly<Record<string, string>> = {
  'ApiKeyService.AuthenticateApiKey':
    'notes when a key was used, which nobody decides and every request does',
  'GoldenSetService.RecordGateResult': 'keeps the evidence of a gate, which the gate itself can show',
  'UsageService.ReserveCall': 'writes into the ledger, which is the record of every call',
  'UsageService.SettleCall': 'writes into the ledger, which is the record of every call',
};

/** One write, in a story in which each goes on where the last one ended. It answers the public id of what it wrote. */
interface Write {
  readonly method: string;
  readonly writes: readonly [operation: string, entityType: string];
  readonly call: (options: CallOptions) => Promise<string | undefined>;
}

const colleague = newId();
let agentId = '';
let teamId = '';
let keyId = '';
const domainId = 'roads';
const toolName = 'weather';
const weather = {
  tool_name: toolName,
  tool_type: 'external_api',
  endpoint: 'https://weather.example.org',
  auth_method: 'none',
};

const story: readonly Write[] = [
  {
    method: 'TenantService.EnsurePrincipal',
    writes: ['create', 'user'],
    call: async () => {
      const claims = { tenantName: 'Ours', subject: colleague, username: colleague };
      await registry.tenants.ensurePrincipal(claims, traced({ ...own, userId: colleague }));
      return colleague;
    },
  },
  ...(['create', 'update'] as const).map(
    (operation, at): Write => ({
      method: 'TenantService.UpdateTenantSettings',
      writes: [operation, 'tenant_settings'],
      call: async (options) => {
        const settings = { timeZone: ['Europe/Madrid', 'Europe/Rome'][at] ?? '' };
        await registry.tenants.updateTenantSettings({ settings }, options);
        return own.tenantId;
      },
    }),
  ),
  {
    method: 'TeamService.CreateTeam',
    writes: ['create', 'team'],
    call: async (options) => {
      const { team } = await registry.teams.createTeam({ definition: { team_name: 'Day' } }, options);
      teamId = team?.id ?? '';
      return teamId;
    },
  },
  {
    method: 'TeamService.UpdateTeam',
    writes: ['update', 'team'],
    call: async (options) =>
      (await registry.teams.updateTeam({ id: teamId, definition: { members: [own.userId] } }, options)).team
        ?.id,
  },
  {
    method: 'TeamService.DeleteTeam',
    writes: ['delete', 'team'],
    call: async (options) => {
      await registry.teams.deleteTeam({ id: teamId }, options);
      return teamId;
    },
  },
  {
    method: 'ApiKeyService.CreateApiKey',
    writes: ['create', 'api_key'],
    call: async (options) => {
      const definition = { name: 'Robot', kind: 'master' };
      const { key, apiKey } = await registry.apiKeys.createApiKey({ definition }, options);
      const keyHash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(apiKey)));
      await registry.apiKeys.authenticateApiKey({ keyHash }, registry.asService('gateway'));
      keyId = key?.keyId ?? '';
      return keyId;
    },
  },
  {
    method: 'ApiKeyService.RevokeApiKey',
    writes: ['revoke', 'api_key'],
    call: async (options) => (await registry.apiKeys.revokeApiKey({ keyId }, options)).key?.keyId,
  },
  {
    method: 'ToolService.CreateTool',
    writes: ['create', 'tool'],
    call: async (options) =>
      (await registry.tools.createTool({ definition: weather }, options)).tool?.toolName,
  },
  {
    method: 'ToolService.UpdateTool',
    writes: ['update', 'tool'],
    call: async (options) => {
      const definition = { ...weather, description: 'Forecasts' };
      return (await registry.tools.updateTool({ toolName, definition }, options)).tool?.toolName;
    },
  },
  {
    method: 'AgentService.CreateAgent',
    writes: ['create', 'agent'],
    call: async (options) => {
      const { agent } = await registry.agents.createAgent({ definition: agentDefinition() }, options);
      agentId = agent?.agentId ?? '';
      return agentId;
    },
  },
  {
    method: 'AgentService.UpdateAgent',
    writes: ['update', 'agent'],
    call: async (options) => {
      const definition = { agent_name: 'Renamed' };
      return (await registry.agents.updateAgent({ agentId, definition }, options)).agent?.agentId;
    },
  },
  {
    method: 'AgentService.RollbackAgent',
    writes: ['rollback', 'agent'],
    call: async (options) =>
      (await registry.agents.rollbackAgent({ agentId, version: 1 }, options)).agent?.agentId,
  },
  {
    method: 'ToolAccessService.GrantToolAccess',
    writes: ['grant', 'tool_access'],
    call: async (options) => {
      await registry.access.grantToolAccess({ agentId, toolName }, options);
      return `${agentId} ${toolName}`;
    },
  },
  {
    method: 'ToolAccessService.RevokeToolAccess',
    writes: ['revoke', 'tool_access'],
    call: async (options) => {
      await registry.access.revokeToolAccess({ agentId, toolName }, options);
      return `${agentId} ${toolName}`;
    },
  },
  {
    method: 'ToolService.DeleteTool',
    writes: ['delete', 'tool'],
    call: async (options) => {
      await registry.tools.deleteTool({ toolName }, options);
      return toolName;
    },
  },
  {
    method: 'AgentService.DeleteAgent',
    writes: ['delete', 'agent'],
    call: async (options) => {
      await registry.agents.deleteAgent({ agentId }, options);
      return agentId;
    },
  },
  {
    method: 'DomainService.CreateDomain',
    writes: ['create', 'domain'],
    call: async (options) =>
      (await registry.domains.createDomain({ definition: domainDefinition(graph) }, options)).domain
        ?.domainId,
  },
  ...(['create', 'update'] as const).map(
    (operation): Write => ({
      method: 'GoldenSetService.PutGoldenSet',
      writes: [operation, 'golden_set'],
      call: async (options) => {
        const rows = [{ input: { question: 'Why?' }, expected: { answer: operation } }];
        const definition = { playbook: 'query', rows, thresholds: { precision: 1, recall: 1 } };
        await registry.goldenSets.putGoldenSet({ domainId, name: 'basics', definition }, options);
        return `${domainId}/basics`;
      },
    }),
  ),
  {
    method: 'GoldenSetService.DeleteGoldenSet',
    writes: ['delete', 'golden_set'],
    call: async (options) => {
      await registry.goldenSets.deleteGoldenSet({ domainId, name: 'basics' }, options);
      return `${domainId}/basics`;
    },
  },
  {
    method: 'DomainService.UpdateDomain',
    writes: ['update', 'domain'],
    call: async (options) => {
      const definition = { domain_name: 'Streets' };
      return (await registry.domains.updateDomain({ domainId, definition }, options)).domain?.domainId;
    },
  },
  {
    method: 'DomainService.RollbackDomain',
    writes: ['rollback', 'domain'],
    call: async (options) =>
      (await registry.domains.rollbackDomain({ domainId, version: 1 }, options)).domain?.domainId,
  },
  {
    method: 'DomainService.DeleteDomain',
    writes: ['delete', 'domain'],
    call: async (options) => {
      await registry.domains.deleteDomain({ domainId }, options);
      return domainId;
    },
  },
];

let traceId = '';

/** Options of a call inside a trace of its own. */
function traced(principal: Principal): CallOptions {
  const options = registry.as(principal);
  const headers = new Headers(options.headers);
  headers.set('traceparent', `00-${traceId}-${randomBytes(8).toString('hex')}-01`);
  return { ...options, headers };
}

async function entriesOf(tenantId: string): Promise<readonly Record<string, string | null>[]> {
  const text = `select operation_type, entity_type, entity_id, status, before_hash, after_hash, user_id, trace_id
    from registry.audit_log where tenant_id = $1 order by "timestamp", id`;
  return (await registry.admin.query(text, [tenantId])).rows;
}

/** The next changes; signs of life are passed over. */
async function nextChanges(count: number) {
  const changes: (readonly [string, string])[] = [];
  while (changes.length < count) {
    const { value } = await news.next();
    const { change } = value as WatchChangesResponse;
    if (change) changes.push([change.entityType, change.entityId]);
  }
  return changes;
}

async function methodsThatWrite(): Promise<readonly string[]> {
  const folder = new URL('../../../proto/gen/domainflow/registry/v1/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('_service_pb.js'));
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).pathname)));
  const services = modules
    .flatMap((module) => Object.values(module as Record<string, { kind?: string }>))
    .filter((exported): exported is DescService => exported.kind === 'service');
  return services.flatMap(({ name, methods }) =>
    methods
      .filter(({ idempotency }) => idempotency !== Idempotency.NO_SIDE_EFFECTS)
      .map((method) => `${name}.${method.name}`),
  );
}

describe('the registry', () => {
  it('has each method that writes in the story above, or a reason why it records nothing', async () => {
    const writing = await methodsThatWrite();
    const told = [...story.map(({ method }) => method), ...Object.keys(recordsNothing)];
    expect(writing.length).toBeGreaterThan(10);
    expect([...new Set(told)].sort()).toEqual([...writing].sort());
  });

  it('records each write once, with who, what and in which trace, and each hash goes on from the last', async () => {
    const lastHashes = new Map<string, string | null | undefined>();
    let recorded = (await entriesOf(own.tenantId)).length;
    for (const { method, writes, call } of story) {
      traceId = randomBytes(16).toString('hex');
      const entityId = await call(traced(own));
      const entries = await entriesOf(own.tenantId);
      expect([method, entries.length - recorded]).toEqual([method, 1]);
      recorded = entries.length;
      const entry = entries.at(-1);
      const [operation, entityType] = writes;
      expect([method, entry]).toMatchObject([
        method,
        {
          operation_type: operation,
          entity_type: entityType,
          entity_id: entityId,
          status: 'success',
          user_id: entityType === 'user' ? colleague : own.userId,
          trace_id: traceId,
          before_hash: lastHashes.get(`${entityType} ${entityId}`) ?? null,
        },
      ]);
      expect(entry?.after_hash).not.toBe(entry?.before_hash);
      lastHashes.set(`${entityType} ${entityId}`, entry?.after_hash);
      expect(await nextChanges(1)).toEqual([[entityType, entityId]]);
    }
    const gone = story.filter(({ writes: [operation] }) => operation === 'delete').length + 1;
    expect([...lastHashes.values()].filter((hash) => hash === null)).toHaveLength(gone);
  });

  it('hashes the content of what was written', async () => {
    const { team } = await registry.teams.createTeam({ definition: { team_name: 'Day' } }, registry.as(own));
    if (!team?.createdAt || !team.updatedAt) throw new Error('No whole team was answered');
    const content = {
      id: team.id,
      teamName: 'Day',
      members: [],
      createdAt: timestampDate(team.createdAt),
      updatedAt: timestampDate(team.updatedAt),
      createdBy: own.userId,
    };
    expect((await entriesOf(own.tenantId)).at(-1)?.after_hash).toBe(contentHash(content));
    await nextChanges(1);
  });

  it('records a tenant and its first user, and neither of them twice', async () => {
    const first = newPrincipal();
    const claims = { tenantName: 'New', createTenant: true, subject: first.userId, username: first.userId };
    await Promise.all([1, 2, 3].map(() => registry.tenants.ensurePrincipal(claims, registry.as(first))));
    await registry.tenants.ensurePrincipal(claims, registry.as(first));
    const entries = await entriesOf(first.tenantId);
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ entity_type: 'tenant', entity_id: first.tenantId, user_id: first.userId }),
        expect.objectContaining({ entity_type: 'user', entity_id: first.userId, user_id: first.userId }),
      ]),
    );
    await nextChanges(2);
  });

  it('records nothing for a write that changes nothing or is refused', async () => {
    const { key } = await registry.apiKeys.createApiKey(
      { definition: { name: 'Robot', kind: 'master' } },
      registry.as(own),
    );
    const revoke = () => registry.apiKeys.revokeApiKey({ keyId: key?.keyId ?? '' }, registry.as(own));
    await revoke();
    const before = await entriesOf(own.tenantId);
    await revoke();
    await Promise.allSettled([
      registry.teams.createTeam({ definition: {} }, registry.as(own)),
      registry.teams.updateTeam({ id: newId() }, registry.as(own)),
      registry.tenants.updateTenantSettings({ settings: { timeZone: 'Nowhere' } }, registry.as(own)),
    ]);
    expect(await entriesOf(own.tenantId)).toEqual(before);
  });
});
