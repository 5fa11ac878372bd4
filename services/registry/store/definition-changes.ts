// Rules and writes of definitions under one transaction. Writers of one tenant's definitions wait for each other: a dependency added
// here and another added there could each be right alone and form a cycle together.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { agentFacts } from './agent-facts.ts';
import { agentWrites } from './agent-writes.ts';
import { domainFacts } from './domain-facts.ts';
import { domainWrites } from './domain-writes.ts';
import { earlierWrite } from './earlier-write.ts';
import { gateEvidenceFacts } from './gate-evidence-statements.ts';
import { goldenSetFacts, goldenSetWrites } from './golden-set-statements.ts';
import type { DefinitionFacts, DefinitionStore } from './store.ts';
import { toolFacts } from './tool-facts.ts';
import { refuseUnknownPrincipal } from './unknown-principal.ts';

// The lock ends with the transaction. Tenants whose hashes collide merely wait for each other.
const lockDefinitions = `select pg_advisory_xact_lock(hashtextextended('registry.definitions ' || $1::uuid, 0))`;

/** Changes definitions in PostgreSQL. */
export function createDefinitionChanges(postgres: Postgres): DefinitionStore {
  return {
    judgeDefinitions: (tenantId, work) =>
      postgres.tenantRead(tenantId, (client) => work(factsOf(client, tenantId)), { fresh: true }),
    changeDefinitions: (actor, work) =>
      refuseUnknownPrincipal(
        postgres.tenantTransaction(actor.tenantId, async (client) => {
          const { tenantId } = actor;
          await client.query({
            name: 'registry.lock_definitions',
            text: lockDefinitions,
            values: [tenantId],
          });
          const writes = {
            earlierWrite: () => earlierWrite(client, actor),
            ...agentWrites(client, actor),
            ...domainWrites(client, actor),
            ...goldenSetWrites(client, actor),
          };
          return work({ ...factsOf(client, tenantId), ...writes });
        }),
      ),
  };
}

function factsOf(client: SqlClient, tenantId: string): DefinitionFacts {
  return {
    ...agentFacts(client, tenantId),
    ...domainFacts(client, tenantId),
    ...toolFacts(client, tenantId),
    ...goldenSetFacts(client, tenantId),
    ...gateEvidenceFacts(client, tenantId),
  };
}
