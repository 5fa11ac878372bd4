// The kinds of executions that this service starts.

/** `ingest` fills a report, `query` answers a question, `management` carries out a command, the others run graphs that came with a request. */
export type ExecutionKind = 'ingest' | 'query' | 'management' | 'workflow' | 'task';

/** True for runs of a query job: they are their starter's alone (SPEC P2.2). */
export function isOfQueryJob(kind: ExecutionKind): boolean {
  return kind === 'query' || kind === 'management';
}
