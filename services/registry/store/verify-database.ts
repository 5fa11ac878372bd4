// Looks at a registry's database without changing it: the schema test, and the report of what it holds.
import type { ClientBase } from 'pg';
import { readMigrationFiles } from '../../../foundation/postgres/migration-files.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { registrySchema } from './schema.ts';
import { builtinAgents } from './seed/builtin-agents.ts';
import { sampleDomain } from './seed/sample-domain.ts';
import { readCatalog } from './verify-catalog.ts';
import { checkCatalog, type SchemaCheck } from './verify-checks.ts';
import { expectedColumns, expectedIndexes, expectedTriggers, furtherTables } from './verify-expected.ts';

const builtinsMax = 1_000;
const problemsToldMax = 20;
const tablesCount = Object.keys(expectedColumns).length + furtherTables.length;

/** What a database holds, as db-verify prints it. */
export interface DatabaseReport {
  /** That it is complete, or everything that is missing. */
  readonly message: string;
  /** Null when it was not loaded. */
  readonly system_tenant: { readonly id: string; readonly name: string } | null;
  readonly builtin_agents_count: number;
  /** By agent_id. */
  readonly builtin_agents: readonly BuiltinAgentFound[];
  /** Domains of the system tenant. */
  readonly domains_count: number;
  /** By domain_id. */
  readonly domains: readonly { readonly domain_id: string; readonly domain_name: string }[];
  /** Those of the seven that are there and as specified, by name; so too below. */
  readonly tables: readonly string[];
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
  /** What the server's lack of PostGIS leaves out. */
  readonly left_out: readonly string[];
}

/** An agent that the platform brings along. */
export interface BuiltinAgentFound {
  readonly agent_id: string;
  readonly agent_name: string;
  readonly agent_class: string;
}

/** Runs the schema test. The client must be an admin's, and in no transaction. */
export function testSchema(client: ClientBase): Promise<readonly SchemaCheck[]> {
  return readOnly(client, () => checks(client));
}

/** Reports what the database holds, and whether that is everything it must hold. */
export function reportDatabase(
  client: ClientBase,
): Promise<{ readonly report: DatabaseReport; readonly complete: boolean }> {
  return readOnly(client, async () => {
    const found = await checks(client);
    const isThere = (kind: string, name: string): boolean =>
      found.some((check) => check.kind === kind && check.name === name && check.status === 'passed');
    const isReadable = found.every(({ kind, status }) => kind !== 'column' || status !== 'failed');
    const content = isReadable ? await readContent(client) : undefined;
    const problems = [...schemaProblems(found), ...(content ? contentProblems(content) : [])];
    const { systemTenant, agents, domains } = content ?? noContent;
    const report = {
      message: problems.length === 0 ? 'The database is complete' : `Not complete: ${problems.join('; ')}`,
      system_tenant: systemTenant,
      builtin_agents_count: agents.length,
      builtin_agents: agents,
      domains_count: domains.length,
      domains,
      tables: Object.keys(expectedColumns).filter((name) => isThere('table', name)),
      indexes: Object.keys(expectedIndexes).filter((name) => isThere('index', name)),
      triggers: Object.keys(expectedTriggers).filter((name) => isThere('trigger', name)),
      left_out: found
        .filter(({ kind, status }) => status === 'skipped' && kind !== 'extension')
        .map(({ name }) => name),
    };
    return { report, complete: problems.length === 0 };
  });
}

async function checks(client: ClientBase): Promise<readonly SchemaCheck[]> {
  return checkCatalog(await readCatalog(client), await readMigrationFiles(registrySchema.directory));
}

/** Nothing on the search path, so that the catalog prints names in full whatever the role has set. */
async function readOnly<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await client.query('set local search_path = pg_catalog');
    return await work();
  } finally {
    await client.query('rollback');
  }
}

interface Content {
  readonly systemTenant: DatabaseReport['system_tenant'];
  readonly agents: DatabaseReport['builtin_agents'];
  readonly domains: DatabaseReport['domains'];
}

const noContent: Content = { systemTenant: null, agents: [], domains: [] };

async function readContent(client: ClientBase): Promise<Content> {
  const select = async <Row extends object>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text, [systemTenantId])).rows;
  const [systemTenant = null] = await select<{ id: string; name: string }>(
    'select id, tenant_name as name from registry.tenants where id = $1',
  );
  const agents = await select<BuiltinAgentFound>(
    `select agent_id, agent_name, agent_class from registry.agent_definitions
    where tenant_id = $1 and is_inbuilt order by agent_id limit ${builtinsMax}`,
  );
  const domains = await select<{ domain_id: string; domain_name: string }>(
    `select domain_id, domain_name from registry.domain_configurations
    where tenant_id = $1 order by domain_id limit ${builtinsMax}`,
  );
  return { systemTenant, agents, domains };
}

function schemaProblems(found: readonly SchemaCheck[]): string[] {
  const failed = found.filter(({ status }) => status === 'failed');
  if (failed.filter(({ kind }) => kind === 'table').length === tablesCount) {
    return ['the schema is missing: run db-init'];
  }
  const told = failed.slice(0, problemsToldMax).map(({ kind, name, detail }) => `${kind} ${name} ${detail}`);
  return failed.length > told.length ? [...told, `and ${failed.length - told.length} more`] : told;
}

function contentProblems({ systemTenant, agents, domains }: Content): string[] {
  const agentIds = new Set(agents.map(({ agent_id }) => agent_id));
  if (!systemTenant) return ['the builtin content is missing: run db-init with --seed'];
  const missingAgents = builtinAgents.filter(({ agentId }) => !agentIds.has(agentId));
  const hasDomain = domains.some(({ domain_id }) => domain_id === sampleDomain.domainId);
  return [
    ...missingAgents.map(({ agentId }) => `agent ${agentId} is missing`),
    ...(hasDomain ? [] : [`domain ${sampleDomain.domainId} is missing`]),
  ];
}
