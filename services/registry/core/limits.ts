// How large definitions may be. The figures in brackets hold unless a deployment sets others.

/** Limits of agents and playbooks that a deployment can set. */
export interface DefinitionLimits {
  /** Characters of a system prompt [2,000]; at most 20,000. */
  readonly systemPromptMax: number;
  /** Nodes that a playbook lists [50]. */
  readonly playbookNodesMax: number;
  /** Edges of a playbook [200]. */
  readonly playbookEdgesMax: number;
  /** Tasks of a plan, those included that dependencies pull in [110]. */
  readonly planTasksMax: number;
}

/** The figures in brackets. */
export const definitionLimits: DefinitionLimits = {
  systemPromptMax: 2_000,
  playbookNodesMax: 50,
  playbookEdgesMax: 200,
  planTasksMax: 110,
};
