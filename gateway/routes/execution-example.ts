// Examples of executions, as the API description shows them.

/** A run in a list. */
export const executionRowExample = {
  job_id: 'job_019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  ...{ kind: 'ingest', status: 'completed', reason: null, partial: false },
  ...{ domain_id: 'civic_complaints', domain_version: 3 },
  incident_id: 'inc_019caa7d3e607b4f8f7e5a9d2c1b0a98',
  rerun_of: null,
  created_by: '5b8f3c52-7d1e-5b43-9c0e-2f6a1d9e4b07',
  created_at: '2026-03-01T10:00:00.000Z',
  started_at: '2026-03-01T10:00:00.012Z',
  completed_at: '2026-03-01T10:00:01.240Z',
  error: null,
};

const agent = {
  agent_id: 'builtin-ingestion-geo',
  agent_name: 'Geo Agent',
  agent_version: 1,
};

/** A run with its plan and log. */
export const executionExample = {
  ...executionRowExample,
  session_id: null,
  plan: {
    nodes: [
      {
        ...{ task_id: 'task_1', node_id: agent.agent_id, ...agent },
        ...{ implicit: false, status: 'succeeded', attempt: 1, waiting_for: [] },
      },
    ],
    edges: [],
  },
  execution_log: [
    {
      ...agent,
      ...{ task_id: 'task_1', status: 'success', timestamp: '2026-03-01T10:00:01.200Z' },
      reasoning: 'The text names Mill Bridge.',
      output: { location_text: 'Mill Bridge' },
      ...{ execution_time_ms: 1180, attempt: 1, confidence: 0.9, runtime: 'builtin' },
    },
  ],
  cache_stats: { cached_agents: 0, executed_agents: 1, total_agents: 1 },
  conflicts: [],
  tool_calls: [
    {
      ...{
        task_id: 'task_1',
        agent_id: agent.agent_id,
        attempt: 1,
        number: 1,
        tool_name: 'location_service',
      },
      ...{ started_at: '2026-03-01T10:00:00.300Z', duration_ms: 120, error_code: null },
      ...{ arguments: { text: 'Mill Bridge' }, arguments_cut: null },
      ...{ result: { places: [] }, result_cut: null },
    },
  ],
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
};
