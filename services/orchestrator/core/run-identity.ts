// Under which identity a run makes its calls: its starter's, narrowed to what the run may do.
import type { ExecutionKind } from './execution-kind.ts';

/** What a run may do at the services that it calls (SPEC E2.5). */
export const capabilityOfKind: Readonly<Record<ExecutionKind, string>> = {
  ingest: 'ingestion',
  query: 'query',
};
