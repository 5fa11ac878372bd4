// What db-init and db-verify print, read as what a report says of a database. Nothing is taken for granted: what is not told is not there.
import type { DatabaseState } from './deployment-report.ts';
import { StepFailure } from './target.ts';

/** The version of the core schema (SPEC S2.1) that db-verify looks for. */
const schemaVersion = '1.0';
/** What a whole database holds: the builtin agents and the sample domain. */
export const wanted = { builtin_agents: 12, sample_domains: 1 } as const;

/** The JSON object that a job has printed, beside whatever lines of its log; StepFailure when there is none. */
export function printedJson(output: string, job: string): Record<string, unknown> {
  const start = output.lastIndexOf('\n{');
  for (const text of [output, output.slice(start + 1), ...output.split('\n').toReversed()]) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
      // Not this part of it.
    }
  }
  throw new StepFailure(`${job} printed no JSON`, { part: job, logs: output.split('\n') });
}

/** The state after both. StepFailure when db-init does not say 200. */
export function databaseState(init: unknown, report: unknown): DatabaseState {
  const { status, error, data_seeded: seeded } = Object(init);
  if (status !== 200) throw new StepFailure(`db-init says ${status}: ${error}`, { part: 'db-init' });
  const found = Object(report);
  const agents = numberOf(found.builtin_agents_count);
  const domains = numberOf(found.domains_count);
  const isWhole = Array.isArray(found.tables) && found.tables.length === 7;
  return {
    initialized: true,
    schema_version: isWhole ? schemaVersion : null,
    seed_data_loaded: seeded === true && agents > 0 && domains > 0,
    builtin_agents: agents,
    sample_domains: domains,
    left_out: Array.isArray(found.left_out) ? found.left_out.map(String) : [],
  };
}

/** What is missing of a whole database, a sentence each. */
export function databaseProblems(state: DatabaseState, report: unknown): readonly string[] {
  const problems: string[] = [];
  if (state.schema_version === null) problems.push(`The schema is not whole: ${Object(report).message}`);
  for (const key of ['builtin_agents', 'sample_domains'] as const) {
    if (state[key] !== wanted[key]) problems.push(`${key} are ${state[key]} instead of ${wanted[key]}`);
  }
  return problems;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}
