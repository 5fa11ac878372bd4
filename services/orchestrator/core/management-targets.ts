// Which reports a management run is about (SPEC E9.1): those that its agents cite and that exist in the domain, else those that the command
// names by their ids. An id that was not verified is never a target.
import type { AgentAnswer } from './agent-answer.ts';
import type { ManagementAnswer } from './management-wish.ts';
import type { VerifiedReference } from './verified-reference.ts';

const incidentIdInText = /(?<![0-9a-z_])inc_[0-9a-f]{32}(?![0-9a-z_])/gi;

/** The runtime that reads the command by rules, and no report for what to do. */
const ownRuntime = 'builtin';

/** The verified reports, by id. */
export type VerifiedReports = ReadonlyMap<string, VerifiedReference>;

/** What a run's targets are chosen from. */
export interface TargetSources {
  readonly answers: readonly ManagementAnswer[];
  readonly command: string;
  readonly verified: VerifiedReports;
}

/** Ids of reports that stand in a command, each once, in its order. */
export function namedReports(command: string): string[] {
  return [...new Set((command.match(incidentIdInText) ?? []).map((id) => id.toLowerCase()))];
}

/** Every id that may become a target, each once: what there is to verify. */
export function targetCandidates(answers: readonly ManagementAnswer[], command: string): string[] {
  return [...new Set([...answers.flatMap(({ answer }) => [...answer.references]), ...namedReports(command)])];
}

/**
 * The targets of one agent's change: what it cites itself. One that cites nothing leaves the choice to the others. Where nothing is left,
 * or everything that it cites is unknown, it is the reports that the command names. A command that names reports is about no other ones for
 * an agent that may have been talked into more by what it read: what such an agent cites beyond them is no target.
 */
export function targetsOf({ answer }: ManagementAnswer, sources: TargetSources): string[] {
  const { answers, command, verified } = sources;
  const named = namedReports(command);
  const known = (ids: readonly string[]) => [...new Set(ids)].filter((id) => verified.has(id));
  const meant = ({ runtime, references }: AgentAnswer) =>
    named.length === 0 || runtime === ownRuntime ? references : references.filter((id) => named.includes(id));
  if (known(answer.references).length > 0) return known(meant(answer));
  const cited = answer.references.length > 0 ? [] : answers.map((each) => each.answer);
  if (known(cited.flatMap(({ references }) => [...references])).length === 0) return known(named);
  return known(cited.flatMap(meant));
}
