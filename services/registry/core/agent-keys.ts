// Many agents asked for at once by id and version.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Agent } from './agent.ts';
import { isAgentId } from './definition-id.ts';

/** The most agents that are asked for at once. */
export const agentKeysMax = 100;

/** One version of an agent. */
export interface AgentKey {
  readonly agentId: string;
  /** 0 for the newest. */
  readonly version: number;
}

/** The keys that may name something, each once. Fault `invalid_argument` for more than 100. */
export function readAgentKeys(keys: readonly AgentKey[]): readonly AgentKey[] {
  if (keys.length > agentKeysMax) {
    const reason = `must have at most ${agentKeysMax} items, not ${keys.length}`;
    throw invalidArgument([{ field: 'keys', reason }]);
  }
  return onceBy(keys, nameOf).filter(({ agentId }) => isAgentId(agentId));
}

/** Each version once: the newest one may also have been asked for by its number. */
export function eachVersionOnce(agents: readonly Agent[]): readonly Agent[] {
  return onceBy(agents, nameOf);
}

function nameOf({ agentId, version }: AgentKey): string {
  return `${agentId} ${version}`;
}

function onceBy<Item>(items: readonly Item[], name: (item: Item) => string): readonly Item[] {
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(name(item))) first.set(name(item), item);
  return [...first.values()];
}
