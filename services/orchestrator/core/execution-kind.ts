// The kinds of executions that this service starts.

/** `ingest` fills a report, `query` answers a question. */
export type ExecutionKind = 'ingest' | 'query';
