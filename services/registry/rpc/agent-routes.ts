// The RPCs of agents put together.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { SchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import type { DefinitionLimits } from '../core/limits.ts';
import type { RegistryStore } from '../store/store.ts';
import { batchGetAgents } from './batch-get-agents.ts';
import { checkAgent } from './check-agent.ts';
import { createAgent } from './create-agent.ts';
import { deleteAgent } from './delete-agent.ts';
import { diffAgent } from './diff-agent.ts';
import { getAgent } from './get-agent.ts';
import { listAgents } from './list-agents.ts';
import { rollbackAgent } from './rollback-agent.ts';
import { updateAgent } from './update-agent.ts';

/** What the RPCs of agents are made of. */
export interface AgentRoutes {
  readonly store: RegistryStore;
  readonly tokens: PageTokens;
  readonly limits: DefinitionLimits;
  /** Judges the schemas of outputs. */
  readonly schemas: SchemaCompiler;
  readonly clock: Clock;
}

/** Every RPC of AgentService. */
export function agentRoutes(deps: AgentRoutes): ServiceImpl<typeof AgentService> {
  const { store, tokens, limits, schemas, clock } = deps;
  const writing = { store, rules: { limits, schemas }, clock };
  return {
    getAgent: getAgent(store),
    listAgents: listAgents(store, tokens),
    batchGetAgents: batchGetAgents(store),
    checkAgent: checkAgent(writing),
    createAgent: createAgent(writing),
    updateAgent: updateAgent(writing),
    deleteAgent: deleteAgent(store),
    diffAgent: diffAgent(store),
    rollbackAgent: rollbackAgent(writing),
  };
}
