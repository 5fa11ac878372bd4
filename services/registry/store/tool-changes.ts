// Rules and writes of tools and permissions under one transaction. Writers of one tenant's tools wait for each other, so that nothing is
// granted for a tool that is being removed, and no limit is passed by two at once.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { CredentialSeal } from './credential-seal.ts';
import { earlierWrite } from './earlier-write.ts';
import { permissionWrites } from './permission-writes.ts';
import type { ToolStore } from './store.ts';
import { readTool } from './tool-statements.ts';
import { toolWrites } from './tool-writes.ts';

// The lock ends with the transaction. Tenants whose hashes collide merely wait for each other.
const lockTools = `select pg_advisory_xact_lock(hashtextextended('registry.tools ' || $1::uuid, 0))`;

/** Changes tools in PostgreSQL. */
export function createToolChanges(postgres: Postgres, seal: CredentialSeal): Pick<ToolStore, 'changeTools'> {
  return {
    changeTools: (actor, work) =>
      postgres.tenantTransaction(actor.tenantId, async (client) => {
        const { tenantId } = actor;
        await client.query({ name: 'registry.lock_tools', text: lockTools, values: [tenantId] });
        return work({
          earlierWrite: () => earlierWrite(client, actor),
          tool: (toolName) => readTool(client, tenantId, toolName),
          ...toolWrites(client, actor, seal),
          ...permissionWrites(client, actor),
        });
      }),
  };
}
