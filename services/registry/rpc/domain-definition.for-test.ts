// Definitions of domains for tests, as a caller writes them, and the agents that their playbooks list.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import type { RegistryForTest } from '../app.for-test.ts';
import { agentClasses } from '../core/agent.ts';
import { insertAgent } from '../store/rows.for-test.ts';

/** Path of the graph of the query playbook. */
export const queryGraph = 'query_playbook.agent_execution_graph';

/** A playbook as a caller writes it. */
export function playbook(
  nodes: readonly JsonValue[],
  edges: readonly (readonly [from: string, to: string])[] = [],
  settings?: JsonObject,
): JsonObject {
  const graph = { nodes: [...nodes], edges: edges.map(([from, to]) => ({ from, to })) };
  return { agent_execution_graph: graph, ...(settings ? { settings } : {}) };
}

/** An agent of each class that the tenant owns. */
export interface AgentOfEachClass {
  readonly ingestion: string;
  readonly query: string;
  readonly management: string;
}

/** Writes an agent of each class. */
export async function agentOfEachClass(
  { admin }: RegistryForTest,
  principal: Principal,
): Promise<AgentOfEachClass> {
  const [ingestion = '', query = '', management = ''] = await Promise.all(
    agentClasses.map((agentClass) => insertAgent(admin, principal, { agentClass })),
  );
  return { ingestion, query, management };
}

/** A definition that keeps all rules, with the changes; a change to undefined leaves the field out. */
export function domainDefinition(
  agents: AgentOfEachClass,
  changes: Readonly<Record<string, JsonValue | undefined>> = {},
): JsonObject {
  const fields: Readonly<Record<string, JsonValue | undefined>> = {
    domain_id: 'roads',
    domain_name: 'Roads',
    ingestion_playbook: playbook([agents.ingestion]),
    query_playbook: playbook([agents.query]),
    management_playbook: playbook([agents.management]),
    ...changes,
  };
  const definition: JsonObject = {};
  for (const [field, value] of Object.entries(fields)) if (value !== undefined) definition[field] = value;
  return definition;
}

/** Another user of the principal's tenant, who is stored. */
export async function colleague(
  { admin }: RegistryForTest,
  { tenantId }: Principal,
  { userId, roles }: Pick<Principal, 'userId' | 'roles'>,
): Promise<Principal> {
  const values = [userId, tenantId, userId];
  await admin.query('insert into registry.users (id, tenant_id, username) values ($1, $2, $3)', values);
  return { tenantId, userId, username: 'bob', roles };
}
