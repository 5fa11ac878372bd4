// Runs the query skills: tries the searches of a question in turn, asks the port what the skill wants to know, and lets it answer.
// What to ask and what to say is decided in core.

import { groupReports } from '../../core/query/groups.ts';
import { how } from '../../core/query/how.ts';
import { seriesOf } from '../../core/query/local-series.ts';
import { pointsOf } from '../../core/query/map-data.ts';
import {
  type DataRequest,
  type DataRequests,
  type DataResults,
  isReadWhole,
  type Matched,
  nothingFound,
  type QuerySkill,
  type ResultsOf,
} from '../../core/query/query-skill.ts';
import { retrievalOf, searchesOf } from '../../core/query/search.ts';
import { what } from '../../core/query/what.ts';
import { when } from '../../core/query/when.ts';
import { where } from '../../core/query/where.ts';
import { who } from '../../core/query/who.ts';
import { why } from '../../core/query/why.ts';
import type { Question } from '../../core/question.ts';
import type { FoundReport, ReportData } from '../../core/report-data.ts';
import type { SkillAnswer } from '../../core/skill.ts';

/** Answers a question with one skill. Faults of the port pass through; a question that matches nothing is an answer, not a fault. */
export async function runQuerySkill<R extends DataRequests>(
  skill: QuerySkill<R>,
  question: Question,
  data: ReportData,
): Promise<SkillAnswer> {
  const matched = await firstMatch(question, data);
  if (matched === undefined) return nothingFound(question, searchesOf(question), skill.nothing);
  const requests = Object.entries(skill.requests(question, matched));
  const results = await Promise.all(
    requests.map(([, request]) => (request === undefined ? undefined : ask(request, matched, data))),
  );
  const named = Object.fromEntries(requests.map(([name], at) => [name, results[at]]));
  return skill.answer(question, matched, named as ResultsOf<R>);
}

async function firstMatch(question: Question, data: ReportData): Promise<Matched | undefined> {
  for (const [missed, search] of searchesOf(question).entries()) {
    const found = await data.retrieve(retrievalOf(search));
    if (found.total > 0) return { search, found, missed };
  }
  return undefined;
}

type Results = DataResults[DataRequest['ask']];

/** Asks the port, unless the reports read answer the same: then a call would only cost time. */
async function ask(asked: DataRequest, { found }: Matched, data: ReportData): Promise<Results> {
  return (isReadWhole(found) ? answeredBy(found.reports, asked) : undefined) ?? askPort(asked, data);
}

/** The result from all reports of the match; undefined for what they do not hold: other texts, sources and reporters. */
function answeredBy(reports: readonly FoundReport[], asked: DataRequest): Results | undefined {
  if (asked.ask === 'series') return seriesOf(reports, asked.request);
  if (asked.ask === 'spatial') return pointsOf(reports, asked.request.limit);
  if (asked.ask === 'retrieve') return undefined;
  const { group_by: field } = asked.request;
  const held = field === 'status' || field.startsWith('ingestion_data.');
  return held ? groupReports(reports, asked.request) : undefined;
}

function askPort(asked: DataRequest, data: ReportData): Promise<Results> {
  switch (asked.ask) {
    case 'retrieve':
      return data.retrieve(asked.request);
    case 'series':
      return data.series(asked.request);
    case 'spatial':
      return data.spatial(asked.request);
    case 'aggregate':
      return data.aggregate(asked.request);
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
  return runQuerySkill(where, question, data);
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
