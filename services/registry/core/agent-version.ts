// Versions of an agent as they come into being, and what the audit log is told of them.
import { prefixedId } from '../../../foundation/ids/ids.ts';
import type { Actor } from './actor.ts';
import type { Agent, AgentClass } from './agent.ts';
import { type AgentContent, agentDocument } from './agent-document.ts';
import type { WriteRecord } from './audit.ts';
import { outputKeysMax } from './output-schema.ts';

/** What a new agent is made of. */
export interface NewAgent {
  /** A new UUIDv7. */
  readonly id: string;
  readonly agentClass: AgentClass;
  readonly content: AgentContent;
  readonly createdAt: Date;
}

/** Version 1, the actor's. Its agent_id is `agent-` and the digits of its id. */
export function firstVersion({ id, agentClass, content, createdAt }: NewAgent, actor: Actor): Agent {
  return {
    ...content,
    id,
    agentId: prefixedId('agent-', id),
    tenantId: actor.tenantId,
    agentClass,
    maxOutputKeys: outputKeysMax,
    isInbuilt: false,
    version: 1,
    createdAt,
    updatedAt: createdAt,
    createdBy: actor.userId,
  };
}

/** The version after `before`. Clocks of replicas differ: it is never older than the one before. */
export function nextVersion(before: Agent, content: AgentContent, now: Date): Agent {
  const updatedAt = now > before.updatedAt ? now : before.updatedAt;
  return { ...before, ...content, version: before.version + 1, updatedAt };
}

/** The record of a write: an agent that came into being has no version before, one that is deleted none after. */
export function agentRecord(
  operation: WriteRecord['operation'],
  { before, after }: { readonly before?: Agent; readonly after?: Agent },
): WriteRecord {
  const entityId = (after ?? before)?.agentId ?? '';
  const message = after
    ? `Version ${after.version} of agent ${entityId} was stored`
    : `Agent ${entityId} was deleted`;
  return {
    operation,
    entityType: 'agent',
    entityId,
    message,
    before: before && recorded(before),
    after: after && recorded(after),
  };
}

function recorded(agent: Agent): object {
  const { agentId, agentClass, version } = agent;
  return { agent_id: agentId, agent_class: agentClass, version, ...agentDocument(agent) };
}
