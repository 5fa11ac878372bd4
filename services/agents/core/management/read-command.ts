// What a command asks one agent to do, and for which reports. Each part of a command has reports of its own; one that names none is about
// those that another part names, an earlier one first.
import { type Assignment, readAssignment } from './assignment.ts';
import { clausesOf } from './clauses.ts';
import { type DetailChange, detailsOfAssignment, readDetailChange } from './detail-change.ts';
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

/** The reader of what a part of a command can set several of. */
export type ChangesReader<T> = (clause: string) => readonly T[];

/** Who shall handle reports. */
export const assignmentOf: ChangeReader<Assignment> = (clause) =>
  readStatusChange(clause) ? undefined : readAssignment(clause);

/** Where reports shall stand. */
export const statusChangeOf: ChangeReader<StatusChange> = readStatusChange;

/** Which details shall be set. An assignment may carry some: "assign it to Maria with high priority by Friday". */
export const detailChangesOf: ChangesReader<DetailChange> = (clause) => {
  if (readStatusChange(clause)) return [];
  const assignment = readAssignment(clause);
  if (assignment) return detailsOfAssignment(clause, assignment.object);
  const change = readDetailChange(clause);
  return change ? [change] : [];
};

/** Every action of one kind, in the order of the command. `shown` is how many reports the last answer showed. */
export function actionsIn<T extends { readonly object: string }>(
  command: string,
  read: ChangeReader<T> | ChangesReader<T>,
  shown: number,
): Action<T>[] {
  const clauses = clausesOf(command);
  const phrases = clauses.map((clause) => readPhrase(objectOf(clause), shown));
  return clauses.flatMap((clause, at) => {
    const changes = read(clause) ?? [];
    return ('object' in changes ? [changes] : changes).map((change) => {
      const own = readPhrase(change.object, shown);
      const spoken = own.kind === 'open' || isPronoun(change.object) ? spokenOf(phrases, at, own) : own;
      return { change, clause, reports: spoken };
    });
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
  return others.find(({ kind }) => kind !== 'open') ?? own;
}

// The words for reports of any part, also of one that only looks for them: "find all potholes and close them".
function objectOf(clause: string): string {
  const plain = undenied(clause);
  const change = readStatusChange(plain) ?? assignmentOf(plain) ?? detailChangesOf(plain)[0];
  return change ? change.object : (looking.exec(clause)?.groups?.object ?? '');
}

const looking =
  /^(?:find|search(?: for)?|get|take|select|look (?:up|at|for)|show(?: me)?|list|pick|for|regarding|about|with)\s+(?<object>.+)$/i;
const denial = /^(?:please\s+)?(?:do not|don'?t|never|not)\s+/i;

/** Whether a part of a command says what shall not be done. */
export function isDenied(clause: string): boolean {
  return denial.test(clause);
}

/** The part without its denial. */
export function undenied(clause: string): string {
  return clause.replace(denial, '');
}

/** Whether a part of a command only says which reports are spoken of. */
export function isLooking(clause: string): boolean {
  return looking.test(clause);
}
