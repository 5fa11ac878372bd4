// Runs the query skills: tries the attempts of a question in turn, asks the port what the skill wants to know, and lets it answer.
// What to ask and what to say is decided in core.

import { attemptsOf, searchesMax } from '../../core/query/attempts.ts';
import { how } from '../../core/query/how.ts';
import {
  type DataRequests,
  isReadWhole,
  type Matched,
  nothingFound,
  notUnderstood,
  type QuerySkill,
  type ResultsOf,
} from '../../core/query/query-skill.ts';
import { shownSearch } from '../../core/query/search.ts';
import { what } from '../../core/query/what.ts';
import { when } from '../../core/query/when.ts';
import { where } from '../../core/query/where.ts';
import { who } from '../../core/query/who.ts';
import { why } from '../../core/query/why.ts';
import type { Understanding } from '../../core/question/understand.ts';
import type { ReportData } from '../../core/report-data.ts';
import type { SkillAnswer } from '../../core/skill.ts';
import { countRivals, countWords } from './count-rivals.ts';
import { askAll } from './query-asking.ts';
import { type CountedData, countingData } from './query-calls.ts';
import { readKnownValues } from './query-known-values.ts';
import { readMatches } from './query-matches.ts';
import { readOrdered } from './query-order.ts';

/** Answers a question with one skill. Faults of the port pass through; a question that matches nothing is an answer, not a fault. */
export async function runQuerySkill<R extends DataRequests>(
  skill: QuerySkill<R>,
  question: Understanding,
  port: ReportData,
): Promise<SkillAnswer> {
  if (question.unclear !== undefined) return notUnderstood(question.unclear, skill.nothing);
  const data = countingData(port);
  if (question.shownReport !== undefined) return answerOnShown(skill, question, data);
  const attempts = attemptsOf(question, await readKnownValues(question, data));
  if (attempts.some(({ searches }) => searches.length > searchesMax))
    return notUnderstood(
      'The question combines too many places and conditions: ask for fewer',
      skill.nothing,
    );
  const match = await readMatches(attempts, data);
  const counts = await countRivals(question, {
    kinds: skill.compares,
    breadth: match?.breadth ?? 'exact',
    data,
  });
  if (match === undefined) {
    const words = skill.compares.includes('thing') ? await countWords(question, data) : [];
    return nothingFound(question, { attempts, counts, words }, skill.nothing);
  }
  const { searches, ...found } = match;
  const ordered = await readOrdered(question, skill.orders, { match, data });
  const matched = { ...found, ordered, counts };
  return answerOver(skill, { question, matched, searches, data });
}

/** About one report of the answer before, which is all that is looked at. */
async function answerOnShown<R extends DataRequests>(
  skill: QuerySkill<R>,
  question: Understanding,
  data: CountedData,
): Promise<SkillAnswer> {
  const found = await data.lookup({ ids: [question.shownReport ?? ''] });
  if (found.total === 0)
    return notUnderstood('The report that is meant is not there any more', skill.nothing);
  const search = shownSearch;
  const matched = {
    breadth: 'exact' as const,
    alternatives: [],
    search,
    found,
    missed: 0,
    ordered: [],
    counts: [],
  };
  return answerOver(skill, { question, matched, searches: [], data });
}

interface Answering {
  readonly question: Understanding;
  readonly matched: Matched;
  readonly searches: readonly Matched['search'][];
  readonly data: CountedData;
}

async function answerOver<R extends DataRequests>(
  skill: QuerySkill<R>,
  { question, matched, searches, data }: Answering,
): Promise<SkillAnswer> {
  const plans = (searches.length > 0 ? searches : [matched.search]).map((search) =>
    skill.requests(question, { ...matched, search }),
  );
  const isPort = searches.length > 0;
  const local = isReadWhole(matched.found) ? matched.found.reports : undefined;
  const results = await askAll(plans, { data, local, isPort });
  return skill.answer(question, matched, results as ResultsOf<R>);
}

/** Who reported, who is named, who is concerned. Output keys: entities, reporters, affected, answer. */
export function runWho(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(who, question, data);
}

/** What is reported. Output keys: incident_types, common_issues, summary, answer. */
export function runWhat(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(what, question, data);
}

/** Where it is. Output keys: locations, hotspots, map_data, answer. */
export function runWhere(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(where, question, data);
}

/** When it is reported or happens. Output keys: time_pattern, frequency, trend, answer. */
export function runWhen(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(when, question, data);
}

/** Why, as far as texts and counts tell. Output keys: causes, factors, analysis, answer. */
export function runWhy(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(why, question, data);
}

/** How it is reported and handled. Output keys: methods, process, insights, answer. */
export function runHow(question: Understanding, data: ReportData): Promise<SkillAnswer> {
  return runQuerySkill(how, question, data);
}
