// The engines that are measured beside each other: where the adapter of each is and what it stores in.

/** An engine as the driver sees it. */
export interface ListedEngine {
  /** The module that exports `openEngine`, relative to this one. */
  readonly module: string;
  /** A database of PostgreSQL, or a server of its own. */
  readonly store: 'postgres' | 'restate';
}

/** All engines by the name in their figures. */
export const engines: Readonly<Record<string, ListedEngine>> = {
  domainflow: { module: '../domainflow.ts', store: 'postgres' },
  'domainflow-agents': { module: '../domainflow-agents.ts', store: 'postgres' },
  dbos: { module: './dbos.ts', store: 'postgres' },
  restate: { module: './restate.ts', store: 'restate' },
  langgraph: { module: './langgraph.ts', store: 'postgres' },
  mastra: { module: './mastra.ts', store: 'postgres' },
  openworkflow: { module: './openworkflow.ts', store: 'postgres' },
};

/** What the processes of engines find in their environment: nothing is reported to their makers, and only errors are logged. */
export const quietEnvironment: Readonly<Record<string, string>> = {
  MASTRA_TELEMETRY_DISABLED: '1',
  LANGSMITH_TRACING: 'false',
  DO_NOT_TRACK: '1',
  RESTATE_LOGGING: 'ERROR',
};
