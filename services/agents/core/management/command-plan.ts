// What a whole command wants of all three agents, and whether its words leave no doubt. Each agent carries out its own part, but only where
// the whole is understood: half a command may be a wrong one. Which reports are meant is found out elsewhere.
import type { Zone } from '../temporal/zone-time.ts';
import type { Assignment } from './assignment.ts';
import { doubtInClauses } from './clause-doubts.ts';
import { clausesOf } from './clauses.ts';
import { levelWords } from './command-words.ts';
import type { DetailChange } from './detail-change.ts';
import { detailValue, isDateField, isPast } from './detail-value.ts';
import type { AnsweredQuestion } from './dialogue.ts';
import { chosenOf } from './dialogue.ts';
import { aboutOf, type CommandQuestion, sayOtherwise, whichValue, whoIsMeant } from './questions.ts';
import { type Action, actionsIn, assignmentOf, detailChangesOf, statusChangeOf } from './read-command.ts';
import type { ReportPhrase } from './report-phrase.ts';
import type { StatusChange } from './status-change.ts';

/** A detail with the value that it is given. */
export interface SetDetail extends DetailChange {
  /** `null` clears it. */
  readonly value: string | number | boolean | null;
}

/** One agent's part: its change, with every report that the command wants it for. */
export interface Part<T> {
  readonly changes: readonly [T, ...T[]];
  /** The first part of the command that says so, for showing. */
  readonly clause: string;
  readonly reports: ReportPhrase;
}

/** What a command may want. */
export type Wanted = 'assignment' | 'status' | 'details';

/** A command as a whole; a part that it does not have, or that is in question, is absent. */
export interface CommandPlan {
  /** Empty for a command for none of the agents. */
  readonly wants: ReadonlySet<Wanted>;
  readonly assignment?: Part<Assignment>;
  readonly status?: Part<StatusChange>;
  readonly details?: Part<SetDetail>;
  /** What must be answered before anything is done. */
  readonly question?: CommandQuestion;
}

/** What a plan is made with. */
export interface PlanContext {
  /** How many reports the last answer showed. */
  readonly shown: number;
  readonly referenceMs: number;
  readonly zone: Zone;
  readonly answered: readonly AnsweredQuestion[];
}

const priority = new RegExp(`^(?:${levelWords}|[0-9]|none)$`, 'i');

const namesNobody =
  /^(?:(?:nearest|closest|first|second|last|same|other|another|next|best|available|free|right|usual|appropriate|responsible|whoever|whichever|whomever|any|one of|some|different)\b|(?:team|crew|boss|manager|group) of\b|the (?:person|one|user|guy|woman|man)\b|(?:person|one|user|guy|woman|man) (?:who|that|from|of)\b)|\p{L}'s\s|'$/iu;
const dateWords =
  /\d|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:day|week|month|year|today|tomorrow|yesterday|same)s?\b|^\S+$/i;

/** Plans a command. A command for none of the agents is an empty plan. */
export function planCommand(command: string, context: PlanContext): CommandPlan {
  const { shown, answered } = context;
  const assignments = actionsIn(command, assignmentOf, shown).map((action) => named(action, answered));
  const statuses = actionsIn(command, statusChangeOf, shown);
  const details = actionsIn(command, detailChangesOf, shown).map((action) => valued(action, context));
  const wants = new Set<Wanted>([
    ...(assignments.length > 0 ? ['assignment' as const] : []),
    ...(statuses.length > 0 ? ['status' as const] : []),
    ...(details.length > 0 ? ['details' as const] : []),
  ]);
  if (wants.size === 0) return { wants };
  const isStepwise = /\b(?:then|afterwards|after that|finally)\b/i.test(command);
  const assignment = partOf(assignments, { valueIn: ({ name }) => name.toLowerCase(), isStepwise: false });
  const status = partOf(statuses, { valueIn: ({ status }) => status, isStepwise });
  const detail = detailPart(details);
  const parts = {
    ...(assignment && !isQuestion(assignment) ? { assignment } : {}),
    ...(status && !isQuestion(status) ? { status } : {}),
    ...(detail && !isQuestion(detail) ? { details: detail } : {}),
  };
  const question = [
    doubtInClauses(clausesOf(command)),
    ...[assignment, status, detail].map((part) => (part && isQuestion(part) ? part : undefined)),
    ...assignments.map(({ change: { name } }) => (namesNobody.test(name) ? whoIsMeant(name) : undefined)),
    ...details.map(({ change }) => doubtOfValue(change, context)),
  ].find((each) => each !== undefined);
  return { wants, ...parts, ...(question ? { question } : {}) };
}

function isQuestion(part: Part<unknown> | CommandQuestion): part is CommandQuestion {
  return 'text' in part;
}

interface Merging<T> {
  readonly valueIn: (change: T) => string;
  /** Whether what comes later takes the place of what came before. */
  readonly isStepwise: boolean;
}

// One agent tells one value: the same value for several reports is one change, several values are none.
function partOf<T extends { readonly object: string }>(
  actions: readonly Action<T>[],
  { valueIn, isStepwise }: Merging<T>,
): Part<T> | CommandQuestion | undefined {
  const [first] = actions;
  const last = actions.at(-1);
  if (!first || !last) return undefined;
  const values = new Set(actions.map(({ change }) => valueIn(change)));
  const phrases = distinctPhrases(actions);
  if (values.size > 1 && phrases.length > 1) {
    return sayOtherwise(
      `What first? Changes of one kind are made one at a time: "${first.clause}" or "${last.clause}"`,
    );
  }
  if (values.size > 1 && !isStepwise) {
    return sayOtherwise(`Which of these is meant: "${aboutOf(first.clause)}" or "${aboutOf(last.clause)}"?`);
  }
  return { changes: [last.change], clause: last.clause, reports: joined(phrases) };
}

function detailPart(actions: readonly Action<SetDetail>[]): Part<SetDetail> | CommandQuestion | undefined {
  const [first] = actions;
  if (!first) return undefined;
  const fields = Map.groupBy(actions, ({ change }) => change.field);
  for (const same of fields.values()) {
    const part = partOf(same, { valueIn: ({ value }) => JSON.stringify(value), isStepwise: false });
    if (part && 'text' in part) return part;
  }
  const phrases = [...fields.values()].map((same) => JSON.stringify(distinctPhrases(same)));
  if (new Set(phrases).size > 1) {
    const last = actions.at(-1) ?? first;
    return sayOtherwise(
      `What first? Details of different reports are set one at a time: "${aboutOf(first.clause)}" or "${aboutOf(last.clause)}"`,
    );
  }
  const others = [...fields.values()]
    .slice(1)
    .flatMap((same) => same.slice(0, 1).map(({ change }) => change));
  return {
    changes: [first.change, ...others],
    clause: first.clause,
    reports: joined(distinctPhrases(actions)),
  };
}

function distinctPhrases(actions: readonly Action<unknown>[]): ReportPhrase[] {
  return [...new Map(actions.map(({ reports }) => [JSON.stringify(reports), reports])).values()];
}

function joined(phrases: readonly ReportPhrase[]): ReportPhrase {
  const [only] = phrases;
  return phrases.length === 1 && only ? only : { kind: 'several', phrases };
}

function named(action: Action<Assignment>, answered: readonly AnsweredQuestion[]): Action<Assignment> {
  const { name } = action.change;
  const answer = answered.findLast(({ kind, about }) => kind === 'person' && about === aboutOf(name));
  if (!answer) return action;
  const [chosen, more] = chosenOf(answer) ?? [answer.answer];
  return chosen === undefined || more !== undefined
    ? action
    : { ...action, change: { ...action.change, name: chosen } };
}

function valued(action: Action<DetailChange>, context: PlanContext): Action<SetDetail> {
  const { change } = action;
  const answer = context.answered.findLast(
    ({ kind, about }) => kind === 'value' && about === aboutOf(change.said),
  );
  const said = answer ? answer.answer : change.said;
  const value = change.clears ? null : detailValue(change.field, said, context);
  return { ...action, change: { ...change, said, value } };
}

function doubtOfValue({ field, said, value }: SetDetail, context: PlanContext): CommandQuestion | undefined {
  if (typeof value === 'string' && field === 'due_date' && isPast(value, context)) {
    return whichValue('date', said, `${value.slice(0, 10)} is over`);
  }
  if (field === 'priority' && value !== null && !priority.test(String(value))) {
    return whichValue('value', said, 'A priority is one of urgent, critical, high, medium, normal, low');
  }
  const isDate = isDateField(field) && typeof value === 'string' && /^\d{4}-/.test(value);
  if (/^(?:the\s+)?same\b/i.test(String(value)) && field !== 'note')
    return whichValue('value', said, 'Name the value itself');
  return isDateField(field) && !isDate && dateWords.test(said) && value !== null
    ? whichValue('date', said, 'It is not understood as a date')
    : undefined;
}
