// Runs the query skills: tries the searches of a question in turn, asks the port what the skill wants to know, and lets it answer.
// What to ask and what to say is decided in core.

import { groupReports } from '../../core/query/groups.ts';
import { how } from '../../core/query/how.ts';
import { seriesOf } from '../../core/query/local-series.ts';
import {
  type DataRequest,
  type DataRequests,
  type DataResults,
  type Matched,
  nothingFound,
  type QuerySkill,
  type ResultsOf,
} from '../../core/query/query-skill.ts';
import { isCounted, retrievalOf, searchesOf } from '../../core/query/search.ts';
import { what } from '../../core/query/what.ts';
import { when } from '../../core/query/when.ts';
import { where } from '../../core/query/where.ts';
import { who } from '../../core/query/who.ts';
import { why } from '../../core/query/why.ts';
import type { Question } from '../../core/question.ts';
import type { ReportData } from '../../core/report-data.ts';
import type { SkillAnswer } from '../../core/skill.ts';

/** The port of a skill; without `aggregate` groups are counted over the reports read. */
export type QueryData = Omit<ReportData, 'aggregate'> & Partial<Pick<ReportData, 'aggregate'>>;

/** Answers a question with one skill. Faults of the port pass through; a question that matches nothing is an answer, not a fault. */
export async function runQuerySkill<R extends DataRequests>(
  skill: QuerySkill<R>,
  question: Question,
  data: QueryData,
): Promise<SkillAnswer> {
  const matched = await firstMatch(question, data);
  if (matched === undefined) return nothingFound(question, searchesOf(question), skill.nothing);
  const requests = Object.entries(skill.requests(question, matched));
  const results = await Promise.all(requests.map(([, request]) => ask(request, matched, data)));
  const named = Object.fromEntries(requests.map(([name], at) => [name, results[at]]));
  return skill.answer(question, matched, named as ResultsOf<R>);
}

async function firstMatch(question: Question, data: QueryData): Promise<Matched | undefined> {
  for (const [missed, search] of searchesOf(question).entries()) {
    const found = await data.retrieve(retrievalOf(search));
    if (found.total > 0) return { search, found, missed };
  }
  return undefined;
}

/**
 * Within an area or a status groups and series are counted over the reports read, because the index counts by text and time only; so are
 * groups for a skill whose agent has no tool that counts.
 */
function ask(
  asked: DataRequest,
  { search, found }: Matched,
  data: QueryData,
): Promise<DataResults[DataRequest['ask']]> {
  switch (asked.ask) {
    case 'retrieve':
      return data.retrieve(asked.request);
    case 'series':
      return isCounted(search)
        ? data.series(asked.request)
        : Promise.resolve(seriesOf(found.reports, asked.request));
    case 'spatial':
      return data.spatial(asked.request);
    case 'aggregate':
      return isCounted(search) && data.aggregate
        ? data.aggregate(asked.request)
        : Promise.resolve(groupReports(found.reports, asked.request));
  }
}

/** Who reported, who is named, who is concerned. Output keys: entities, reporters, affected, answer. */
export function runWho(question: Question, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(who, question, data);
}

/** What is reported. Output keys: incident_types, common_issues, summary, answer. */
export function runWhat(question: Question, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(what, question, data);
}

/** Where it is. Output keys: locations, hotspots, map_data, answer. */
export function runWhere(question: Question, data: ReportData): Promise<SkillAnswer> {
  const { aggregate: _, ...withoutCounts } = data;
  return runQuerySkill(where, question, withoutCounts);
}

/** When it is reported or happens. Output keys: time_pattern, frequency, trend, answer. */
export function runWhen(question: Question, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(when, question, data);
}

/** Why, as far as texts and counts tell. Output keys: causes, factors, analysis, answer. */
export function runWhy(question: Question, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(why, question, data);
}

/** How it is reported and handled. Output keys: methods, process, insights, answer. */
export function runHow(question: Question, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(how, question, data);
}
