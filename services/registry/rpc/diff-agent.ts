// DiffAgent: what differs between two versions of an agent.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { agentDocument } from '../core/agent-document.ts';
import { isAgentId } from '../core/definition-id.ts';
import { jsonDiff } from '../core/json-diff.ts';
import type { DefinitionStore } from '../store/store.ts';
import { changeMessages } from './definition-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** DiffAgent. The version before the first one is 0, of which everything differs. `not_found` for versions that do not exist for the caller. */
export function diffAgent(store: DefinitionStore): ServiceImpl<typeof AgentService>['diffAgent'] {
  return async ({ agentId, fromVersion, toVersion }, context) => {
    const { tenantId } = tenantPrincipal(context);
    if (!isAgentId(agentId)) throw notFound('agent');
    return store.judgeDefinitions(tenantId, async (facts) => {
      const after = await facts.agent({ id: agentId, version: toVersion });
      if (!after) throw notFound('agent');
      const from = fromVersion === 0 ? after.version - 1 : fromVersion;
      const before = from === 0 ? undefined : await facts.agent({ id: agentId, version: from });
      if (from !== 0 && !before) throw notFound('agent');
      const changes = jsonDiff(before ? agentDocument(before) : {}, agentDocument(after));
      return { changes: changeMessages(changes), fromVersion: from, toVersion: after.version };
    });
  };
}
