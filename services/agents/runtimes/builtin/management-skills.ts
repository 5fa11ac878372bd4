// Runs the management skills: reads what a command asks for, finds the reports that it means, and answers. What a command says is read in
// core.
import type { Assignment } from '../../core/management/assignment.ts';
import type { DetailChange } from '../../core/management/detail-change.ts';
import { detailValue } from '../../core/management/detail-value.ts';
import {
  type CommandContext,
  changeOf,
  type MeantReports,
  nothingToDo,
  reasonOf,
} from '../../core/management/management-answer.ts';
import {
  type Action,
  actionsIn,
  assignmentOf,
  type ChangeReader,
  detailChangeOf,
  statusChangeOf,
} from '../../core/management/read-command.ts';
import {
  type DescribedReports,
  meantBy,
  openStatuses,
  type ReadAsQuestion,
  readDescription,
  retrieval,
} from '../../core/management/report-description.ts';
import type { ReportPhrase } from '../../core/management/report-phrase.ts';
import type { StatusChange } from '../../core/management/status-change.ts';
import type { FoundReport, ReportData } from '../../core/report-data.ts';
import type { JsonObject, SkillAnswer } from '../../core/skill.ts';
import { createZone } from '../../core/temporal/zone-time.ts';

/** A command with everything that it refers to. */
export interface Command extends CommandContext {
  readonly text: string;
  readonly timeZone: string;
  /** Reports of the last answer of the session. */
  readonly sessionReferences: readonly string[];
  readonly readAsQuestion: ReadAsQuestion;
}

/** Who shall handle reports. Output keys: assignee_id, assignee_type, assigned_at, reason. */
export function runAssigner(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    read: assignmentOf,
    choose: (actions) => actions[0],
    nothing: 'The command assigns nothing.',
    output: ({ change: { name, type, reason }, clause }: Action<Assignment>, { at, userId }) => ({
      assignee_id: /^(?:me|myself)$/i.test(name) ? userId : name,
      assignee_type: type,
      assigned_at: at,
      reason: reasonOf(reason, clause),
    }),
  });
}

/** Where reports stand. Output keys: status, updated_at, updated_by, notes. */
export function runStatusUpdater(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    read: statusChangeOf,
    // What is said last is how it shall be in the end.
    choose: (actions) => actions.at(-1),
    nothing: 'The command changes no status.',
    output: ({ change: { status, notes } }: Action<StatusChange>, { at, userId }) => ({
      status,
      updated_at: at,
      updated_by: userId,
      ...(notes === '' ? {} : { notes }),
    }),
  });
}

/** One detail of reports. Output keys: field, value, updated_at, reason. */
export function runDetailsEditor(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    read: detailChangeOf,
    choose: (actions) => actions[0],
    nothing: 'The command sets no detail.',
    output: ({ change: { field, said, reason }, clause }: Action<DetailChange>, { at, timeZone }) => ({
      field,
      value: detailValue(field, said, { referenceMs: Date.parse(at), zone: createZone(timeZone) }),
      updated_at: at,
      reason: reasonOf(reason, clause),
    }),
  });
}

interface Skill<T extends { readonly object: string }> {
  readonly read: ChangeReader<T>;
  /** The one action that an output can tell. */
  readonly choose: (actions: readonly Action<T>[]) => Action<T> | undefined;
  readonly nothing: string;
  readonly output: (action: Action<T>, command: Command) => JsonObject;
}

async function runSkill<T extends { readonly object: string }>(
  command: Command,
  data: ReportData,
  { read, choose, nothing, output }: Skill<T>,
): Promise<SkillAnswer> {
  const actions = actionsIn(command.text, read, command.sessionReferences.length);
  const action = choose(actions);
  if (!action) return nothingToDo(nothing);
  const meant = await findReports(action.reports, command, data);
  if ('why' in meant) return nothingToDo(`${meant.why}.`);
  const left = actions.filter((other) => other !== action).map(({ clause }) => `"${clause}"`);
  const more = left.length === 0 ? '' : `One change is made at a time; left out: ${left.join(', ')}.`;
  return changeOf(output(action, command), meant, more);
}

/** The reports, or why it cannot be said which they are. A command that names none, where none were shown, leaves them open. */
async function findReports(
  phrase: ReportPhrase,
  { sessionReferences, readAsQuestion }: Command,
  data: ReportData,
): Promise<MeantReports | { readonly why: string }> {
  switch (phrase.kind) {
    case 'ids':
      return { ids: phrase.ids, how: 'The command names the reports by id.', confidence: 0.95 };
    case 'unclear':
      return { why: phrase.why };
    case 'described': {
      const described = readDescription(phrase.text, readAsQuestion);
      return 'why' in described ? described : findDescribed(phrase.text, described, data);
    }
    default: {
      const ids = sessionReferences;
      const how =
        ids.length > 0 ? 'The reports of the last answer are meant.' : 'The command names no report.';
      return { ids, how, confidence: ids.length > 0 ? 0.85 : 0.4 };
    }
  }
}

async function findDescribed(
  text: string,
  described: DescribedReports,
  data: ReportData,
): Promise<MeantReports | { readonly why: string }> {
  const found: FoundReport[] = [];
  for (const search of described.searches) {
    const { total, reports } = await data.retrieve(retrieval(search));
    found.push(...reports);
    // Finished cases must not crowd out the others.
    const crowded = described.openOnly && search.status === undefined && total > reports.length;
    for (const status of crowded ? openStatuses : []) {
      found.push(...(await data.retrieve(retrieval(search, status))).reports);
    }
  }
  const ids = meantBy(described, found).map(({ incident_id }) => incident_id);
  const { count = ids.length } = described;
  if (ids.length === 0) return { why: `No report fits "${text}"` };
  if (ids.length !== count)
    return { why: `${ids.length} reports fit "${text}": name the one that is meant, or say all` };
  const how = `${ids.length} ${ids.length === 1 ? 'report fits' : 'reports fit'} "${text}".`;
  return { ids, how, confidence: 0.7 };
}
