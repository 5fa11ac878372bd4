// What is allowed in a definition and probably not meant. Warnings never keep a definition from being saved.
import type { AgentClass } from './agent.ts';

/** One warning about a playbook. */
export interface DefinitionWarning {
  /** Domain whose playbook it is about; empty when it is about no saved domain. */
  readonly domainId: string;
  readonly playbook: AgentClass;
  /** JSON path in the domain, such as `query_playbook.agent_execution_graph.nodes[2]`. */
  readonly path: string;
  /**
   * `duplicate_key`: two agents of the plan produce the same key. `missing_key`: a key is asked for that neither the job's input nor an
   * ancestor produces. `unknown_path`: a golden set expects what no agent of the plan answers; its path is one in the set.
   */
  readonly code: 'duplicate_key' | 'missing_key' | 'unknown_path';
  /** The same as a sentence. */
  readonly text: string;
}
