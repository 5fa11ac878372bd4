// The platform's own agents: which skill an agent id stands for, and what of an invocation it reads.
import { describe, type EntityModels } from '../../core/entity/entity-skill.ts';
import { type GeoSources, locate } from '../../core/geo/geo-skill.ts';
import type { Invocation } from '../../core/invocation.ts';
import type { SpokenMessage } from '../../core/management/dialogue.ts';
import { understand } from '../../core/question/understand.ts';
import { readQuestion } from '../../core/question.ts';
import type { ReportData } from '../../core/report-data.ts';
import type { SkillAnswer } from '../../core/skill.ts';
import { timeOf } from '../../core/temporal/temporal-skill.ts';
import type { TenantKnowledge } from '../../tools/tenant-knowledge.ts';
import { type Command, runAssigner, runDetailsEditor, runStatusUpdater } from './management-skills.ts';
import { runHow, runWhat, runWhen, runWhere, runWho, runWhy } from './query-skills.ts';

/** What the skill of a builtin agent can reach while it runs. */
export interface BuiltinReach {
  readonly tenant: TenantKnowledge;
  readonly data: ReportData;
  readonly geo: GeoSources;
  readonly models: EntityModels;
  /** Now, in milliseconds since the Unix epoch, for inputs without a reference time. */
  readonly nowMs: number;
}

/** Reads an invocation and answers it. Faults of what it reaches pass through. */
export type Skill = (invocation: Invocation, reach: BuiltinReach) => SkillAnswer | Promise<SkillAnswer>;

function textOf({ input }: Invocation, key: string): string {
  const value = input[key];
  return typeof value === 'string' ? value : '';
}

function textsOf({ input }: Invocation, key: string): string[] {
  const value = input[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function messagesOf({ input: { context } }: Invocation): SpokenMessage[] {
  return (Array.isArray(context) ? context : []).flatMap((each) => {
    if (typeof each !== 'object' || each === null || !('role' in each) || !('content' in each)) return [];
    const { role, content } = each;
    const isSpoken = (role === 'user' || role === 'assistant') && typeof content === 'string';
    return isSpoken ? [{ role, content }] : [];
  });
}

function referenceMsOf(invocation: Invocation, { nowMs }: BuiltinReach): number {
  const parsed = Date.parse(textOf(invocation, 'reference_time'));
  return Number.isNaN(parsed) ? nowMs : parsed;
}

function asks(skill: typeof runWho): Skill {
  return (invocation, reach) => {
    const { timeZone, places, homeArea } = reach.tenant;
    const home = homeArea === undefined ? {} : { homeArea };
    const referenceMs = referenceMsOf(invocation, reach);
    const input = {
      question: textOf(invocation, 'question'),
      earlierQuestions: textsOf(invocation, 'earlier_questions'),
      shownReports: textsOf(invocation, 'session_references'),
      ...{ referenceMs, timeZone, places, ...home },
    };
    return skill(understand(input, reach.geo), reach.data);
  };
}

function commands(skill: (command: Command, data: ReportData) => Promise<SkillAnswer>): Skill {
  return (invocation, reach) => {
    const { timeZone, places, homeArea } = reach.tenant;
    const referenceMs = referenceMsOf(invocation, reach);
    const known = { referenceMs, timeZone, places, ...(homeArea === undefined ? {} : { homeArea }) };
    const command = {
      text: textOf(invocation, 'question'),
      at: new Date(referenceMs).toISOString(),
      userId: textOf(invocation, 'user_id'),
      timeZone,
      sessionReferences: textsOf(invocation, 'session_references'),
      earlier: messagesOf(invocation),
      readAsQuestion: (question: string) => readQuestion({ ...known, question }, reach.geo),
    };
    return skill(command, reach.data);
  };
}

const skills: Readonly<Record<string, Skill>> = {
  'builtin-ingestion-geo': (invocation, { tenant: { places, homeArea }, geo }) =>
    locate(
      { text: textOf(invocation, 'text'), places, ...(homeArea === undefined ? {} : { homeArea }) },
      geo,
    ),
  'builtin-ingestion-temporal': (invocation, reach) => {
    const { timeZone } = reach.tenant;
    return timeOf({
      text: textOf(invocation, 'text'),
      referenceMs: referenceMsOf(invocation, reach),
      timeZone,
    });
  },
  'builtin-ingestion-entity': (invocation, { tenant: { places }, models }) => {
    const categoryModel = textOf(invocation, 'category_model');
    const chosen = categoryModel === '' ? {} : { categoryModel };
    return describe({ text: textOf(invocation, 'text'), places, ...chosen }, models);
  },
  'builtin-query-who': asks(runWho),
  'builtin-query-what': asks(runWhat),
  'builtin-query-where': asks(runWhere),
  'builtin-query-when': asks(runWhen),
  'builtin-query-why': asks(runWhy),
  'builtin-query-how': asks(runHow),
  'builtin-management-task-assigner': commands(runAssigner),
  'builtin-management-status-updater': commands(runStatusUpdater),
  'builtin-management-task-details-editor': commands(runDetailsEditor),
};

/** The skill of a builtin agent; undefined for an agent without one. */
export function skillOf(agentId: string): Skill | undefined {
  return Object.hasOwn(skills, agentId) ? skills[agentId] : undefined;
}
