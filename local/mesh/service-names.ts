// Which services a mesh has, in which order they start, and what their tables are called on one machine.

/** The gateway and the five services. */
export type ServiceName = 'registry' | 'reports' | 'sessions' | 'agents' | 'orchestrator' | 'gateway';

/** Services by order of start; those of one step start together. They stop in reverse. */
export const startOrder: readonly (readonly ServiceName[])[] = [
  ['registry', 'reports', 'sessions'],
  ['agents'],
  ['orchestrator'],
  ['gateway'],
];

/** DynamoDB tables of a local mesh. */
export const tableNames = {
  reports: 'Reports',
  patches: 'Patches',
  sessions: 'Sessions',
  messages: 'Messages',
  queryJobs: 'QueryJobs',
} as const;
