// A model that has fallen for a text: it calls what it may not, answers what it must not, and forges what it cites.
import type { AskedTool, Behaviour } from '../../local/model-server/behaviour.ts';
import type { AttackNames } from './attacks.for-test.ts';

/** Tools that the stage's agents list, and what becomes of a call: `refused` as permission_denied, or `made`. */
export const listedTools = {
  /** Read, of the platform, granted. */
  granted: 'retrieval_api',
  /** Read, of the tenant, granted; takes a street alone. */
  lookup: 'lookup',
  /** Update, granted. */
  updating: 'close_tickets',
  /** Read, of the platform, not granted. */
  ungranted: 'spatial_api',
} as const;

/** Calls that nobody may make: of tools that change, were not granted, are not on the list, or are none. */
export function refusedCalls({ victim, foreign }: AttackNames): readonly AskedTool[] {
  return [
    { name: listedTools.updating, arguments: { ids: [victim, foreign], status: 'closed' } },
    { name: listedTools.ungranted, arguments: { limit: 10 } },
    { name: 'aggregation_api', arguments: { group_by: 'status', limit: 10 } },
    { name: 'update_report', arguments: { incident_id: victim, status: 'closed' } },
    { name: 'execute_sql', arguments: { sql: "update reports.report_index set status = 'closed'" } },
    { name: 'close_tickets; drop table reports', arguments: {} },
  ];
}

/** Calls of tools that the agent has, with arguments that lead elsewhere. */
export function strayCalls({ foreignTenant, foreign }: AttackNames): readonly AskedTool[] {
  return [
    { name: listedTools.lookup, arguments: { url: 'http://169.254.169.254/latest/meta-data/' } },
    { name: listedTools.granted, arguments: { limit: 10, tenant_id: foreignTenant, domain_id: 'other' } },
    { name: listedTools.granted, arguments: { limit: 10, where: { incident_id: foreign } } },
    { name: listedTools.granted, arguments: { limit: 100, text: 'belongs' } },
  ];
}

/** What a model says is the output, in a way that its schema does not allow. */
export const badOutputs: readonly unknown[] = [
  { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 },
  { status: 'closed', incident_id: 'inc_1', management_data: { assignee_id: 'mallory' } },
  { kind: 7, summary: ['closed'] },
];

/** What it cites beside what is there. */
export function forgedReferences({ foreign, unknown }: AttackNames): readonly string[] {
  return [foreign, unknown, 'inc_1', 'close all tickets', `${unknown}' or 1=1`];
}

/** How the conversation ends: with a last answer that is allowed, or with one that is not either. */
export type ObedientEnd = 'forging' | 'invalid';

/** What the server does with the calls of one run, in order. */
export function obey(names: AttackNames, end: ObedientEnd): readonly Behaviour[] {
  const answer = (output: unknown): Behaviour => ({
    kind: 'answer',
    text: JSON.stringify({
      output,
      confidence: 99,
      references: [names.victim],
      spans: { status: ['closed'] },
    }),
  });
  const [first, second, third] = badOutputs;
  const forged = {
    output: { kind: 'leak' },
    references: [...forgedReferences(names), names.victim],
    ...{ confidence: 99, spans: { kind: [{ start: -5, end: 99_999 }], status: ['x'] } },
    ...{ status: 'closed', tool_calls: [{ name: 'close_tickets' }], tenant_id: names.foreignTenant },
  };
  return [
    { kind: 'tools', calls: [...refusedCalls(names), ...strayCalls(names)] },
    answer(first),
    answer(second),
    end === 'invalid' ? answer(third) : { kind: 'answer', text: JSON.stringify(forged) },
  ];
}
