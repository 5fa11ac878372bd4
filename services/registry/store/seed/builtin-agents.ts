// All agents of the platform, in the order of their playbooks.
import type { BuiltinAgent } from './builtin-agent.ts';
import { ingestionAgents } from './ingestion-agents.ts';
import { managementAgents } from './management-agents.ts';
import { queryAgents } from './query-agents.ts';

/** The twelve agents of the platform. */
export const builtinAgents: readonly BuiltinAgent[] = [
  ...ingestionAgents,
  ...queryAgents,
  ...managementAgents,
];
