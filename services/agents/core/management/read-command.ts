// What a command asks one agent to do, and for which reports. Each part of a command has reports of its own; one that names none is about
// those that another part names, an earlier one first.
import { type Assignment, readAssignment } from './assignment.ts';
import { clausesOf } from './clauses.ts';
import { type DetailChange, readDetailChange } from './detail-change.ts';
import { type ReportPhrase, readPhrase } from './report-phrase.ts';
import { readStatusChange, type StatusChange } from './status-change.ts';

/** Something to do, and for which reports. */
export interface Action<T> {
  readonly change: T;
  /** The part of the command, for showing. */
  readonly clause: string;
  readonly reports: ReportPhrase;
}

/** One reader for each agent. */
export type ChangeReader<T> = (clause: string) => T | undefined;

/** Who shall handle reports. */
export const assignmentOf: ChangeReader<Assignment> = (clause) =>
  readStatusChange(clause) ? undefined : readAssignment(clause);

/** Where reports shall stand. */
export const statusChangeOf: ChangeReader<StatusChange> = readStatusChange;

/** Which detail shall be set. An assignment may carry one: "assign it to Maria with high priority". */
export const detailChangeOf: ChangeReader<DetailChange> = (clause) => {
  if (readStatusChange(clause)) return undefined;
  const change = readDetailChange(clause);
  const assignment = change && readAssignment(clause);
  if (!change || !assignment) return change;
  return /\bwith\b[^,]*\bpriority\b/i.test(clause) ? { ...change, object: assignment.object } : undefined;
};

/** Every action of one kind, in the order of the command. `shown` is how many reports the last answer showed. */
export function actionsIn<T extends { readonly object: string }>(
  command: string,
  read: ChangeReader<T>,
  shown: number,
): Action<T>[] {
  const clauses = clausesOf(command);
  const phrases = clauses.map((clause) => readPhrase(objectOf(clause), shown));
  return clauses.flatMap((clause, at) => {
    const change = read(clause);
    if (!change) return [];
    const own = readPhrase(change.object, shown);
    const spoken = own.kind === 'open' || isPronoun(change.object) ? spokenOf(phrases, at, own) : own;
    return [{ change, clause, reports: spoken }];
  });
}

function isPronoun(object: string): boolean {
  return /^\s*(?:(?:to|for|of|on)\s+)?(?:all\s+of\s+)?(?:it|them|they|these|those|both|this|that)\s*$/i.test(
    object,
  );
}

function spokenOf(phrases: readonly ReportPhrase[], at: number, own: ReportPhrase): ReportPhrase {
  const isNamed = ({ kind }: ReportPhrase) => kind !== 'open' && kind !== 'pointed';
  const before = phrases.slice(0, at).findLast(isNamed);
  if (before) return before;
  if (own.kind === 'pointed') return own;
  const others = [...phrases.slice(0, at).toReversed(), ...phrases.slice(at + 1)];
  return (
    others.find(
      ({ kind }) => kind === 'pointed' || kind === 'ids' || kind === 'described' || kind === 'unclear',
    ) ?? own
  );
}

// The words for reports of any part, also of one that only looks for them: "find all potholes and close them".
function objectOf(clause: string): string {
  const change = readStatusChange(clause) ?? assignmentOf(clause) ?? detailChangeOf(clause);
  if (change) return change.object;
  const looking =
    /^(?:find|search(?: for)?|get|take|select|look (?:up|at|for)|show(?: me)?|list|pick|for|regarding|about|with)\s+(?<object>.+)$/i;
  return looking.exec(clause)?.groups?.object ?? '';
}
