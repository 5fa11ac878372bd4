// The kinds of executions that this service starts.

/**
 * `ingest` fills a report, `query` answers a question, `management` carries out a command, `workflow` and `task` run graphs that came with a
 * request. The shadow kinds run a playbook over a row of a golden set: they read and write nothing.
 */
export type ExecutionKind =
  | 'ingest'
  | 'query'
  | 'management'
  | 'workflow'
  | 'task'
  | 'shadow_ingest'
  | 'shadow_query';

/** True for runs of a query job: they are their starter's alone (SPEC P2.2). */
export function isOfQueryJob(kind: ExecutionKind): boolean {
  return kind === 'query' || kind === 'management';
}

/** True for runs of a gate: lists show them only where their kind is asked for, and they are started by nothing else. */
export function isShadow(kind: ExecutionKind): kind is 'shadow_ingest' | 'shadow_query' {
  return kind === 'shadow_ingest' || kind === 'shadow_query';
}
