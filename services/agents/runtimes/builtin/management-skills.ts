// Runs the management skills: reads what a command asks for, finds the reports that it means, and answers. What a command says is read in
// core. Each skill reads the whole command, so that none carries out its part of one that is not clear.

import type { Assignment } from '../../core/management/assignment.ts';
import {
  type CommandPlan,
  type Part,
  planCommand,
  type SetDetail,
  type Wanted,
} from '../../core/management/command-plan.ts';
import { dayOf } from '../../core/management/detail-value.ts';
import { conversationOf, type SpokenMessage } from '../../core/management/dialogue.ts';
import {
  type CommandContext,
  changeOf,
  nothingToDo,
  reasonOf,
} from '../../core/management/management-answer.ts';
import { askBack } from '../../core/management/questions.ts';
import type { ReadAsQuestion } from '../../core/management/report-description.ts';
import type { StatusChange } from '../../core/management/status-change.ts';
import type { ReportData } from '../../core/report-data.ts';
import type { JsonObject, SkillAnswer } from '../../core/skill.ts';
import { createZone } from '../../core/temporal/zone-time.ts';
import { findMeant, type Meant, type ReportSearch } from './meant-reports.ts';

/** A command with everything that it refers to. */
export interface Command extends CommandContext {
  readonly text: string;
  readonly timeZone: string;
  /** Reports of the last answer of the session. */
  readonly sessionReferences: readonly string[];
  /** An earlier command of the session that is still in question, what was asked about it and answered; the oldest first. */
  readonly earlier: readonly SpokenMessage[];
  readonly readAsQuestion: ReadAsQuestion;
}

/** Who shall handle reports. Output keys: assignee_id, assignee_type, assigned_at, reason. */
export function runAssigner(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    wanted: 'assignment',
    partOf: ({ assignment }) => assignment,
    nothing: 'The command assigns nothing.',
    output: ({ changes: [{ name, type, reason }], clause }, { at, userId }) => ({
      assignee_id: /^(?:me|myself)$/i.test(name) ? userId : name,
      assignee_type: type,
      assigned_at: at,
      reason: reasonOf(reason, clause),
    }),
  } satisfies Skill<Assignment>);
}

/** Where reports stand. Output keys: status, updated_at, updated_by, notes. */
export function runStatusUpdater(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    wanted: 'status',
    partOf: ({ status }) => status,
    nothing: 'The command changes no status.',
    output: ({ changes: [{ status, notes }] }, { at, userId }) => ({
      status,
      updated_at: at,
      updated_by: userId,
      ...(notes === '' ? {} : { notes }),
    }),
  } satisfies Skill<StatusChange>);
}

/** Details of reports. Output keys: field, value, updated_at, reason; of several details the field is `details` and the value has them all. */
export function runDetailsEditor(command: Command, data: ReportData): Promise<SkillAnswer> {
  return runSkill(command, data, {
    wanted: 'details',
    partOf: ({ details }) => details,
    nothing: 'The command sets no detail.',
    output: ({ changes, clause }, { at }) => {
      const [change] = changes;
      const told =
        changes.length === 1
          ? { field: change.field, value: change.value }
          : {
              field: 'details',
              value: Object.fromEntries(changes.map(({ field, value }) => [field, value])),
            };
      return { ...told, updated_at: at, reason: reasonOf(change.reason, clause) };
    },
  } satisfies Skill<SetDetail>);
}

interface Skill<T> {
  readonly wanted: Wanted;
  readonly partOf: (plan: CommandPlan) => Part<T> | undefined;
  readonly nothing: string;
  readonly output: (part: Part<T>, command: Command) => JsonObject;
}

async function runSkill<T>(command: Command, data: ReportData, skill: Skill<T>): Promise<SkillAnswer> {
  const zone = createZone(command.timeZone);
  const context = { shown: command.sessionReferences.length, referenceMs: Date.parse(command.at), zone };
  const isCommand = (text: string) => planCommand(text, { ...context, answered: [] }).wants.size > 0;
  const { command: text, answered, takenBack } = conversationOf(command.text, command.earlier, isCommand);
  if (takenBack) return nothingToDo('The command was taken back.');
  const plan = planCommand(text, { ...context, answered });
  if (!plan.wants.has(skill.wanted)) return nothingToDo(skill.nothing);
  if (plan.question) return askBack(plan.question);
  const today = dayOf(zone.wallOf(context.referenceMs));
  const { sessionReferences: shown, readAsQuestion } = command;
  const meant = await findAllMeant(plan, { data, shown, answered, readAsQuestion, today });
  const question = meant.find((each) => 'question' in each);
  if (question) return askBack(question.question);
  const own = skill.partOf(plan);
  const reports = own && meant[partsOf(plan).indexOf(own)];
  if (!own || !reports || 'question' in reports)
    throw new Error('a part of a plan without question has no reports');
  return changeOf(skill.output(own, command), reports);
}

function partsOf({ assignment, status, details }: CommandPlan): Part<unknown>[] {
  return [assignment, status, details].filter((part) => part !== undefined);
}

// In the order of the parts. Reports that several parts name in the same words are looked for once.
async function findAllMeant(plan: CommandPlan, search: ReportSearch): Promise<Meant[]> {
  const known = new Map<string, Meant>();
  const all: Meant[] = [];
  for (const { reports } of partsOf(plan)) {
    const key = JSON.stringify(reports);
    const meant = known.get(key) ?? (await findMeant(reports, search));
    known.set(key, meant);
    all.push(meant);
  }
  return all;
}
