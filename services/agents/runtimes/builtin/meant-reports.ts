// Finds the reports that the words of a command mean, among those shown before and in the index. Where the words fit more or fewer than they
// can mean, it answers a question instead: no report is ever chosen by chance.
import { type AnsweredQuestion, chosenOf } from '../../core/management/dialogue.ts';
import { pickFrom } from '../../core/management/list-places.ts';
import type { MeantReports } from '../../core/management/management-answer.ts';
import {
  aboutOf,
  type CommandQuestion,
  noReport,
  reallyAll,
  reportsChangedMax,
  unclearReports,
  whichReport,
} from '../../core/management/questions.ts';
import {
  alikeSearches,
  type DescribedReports,
  isFinished,
  meantBy,
  openStatuses,
  type ReadAsQuestion,
  readDescription,
  retrieval,
} from '../../core/management/report-description.ts';
import { type ReportPhrase, readPhrase } from '../../core/management/report-phrase.ts';
import { reportsReadMax } from '../../core/query/search.ts';
import type { FoundReport, ReportData } from '../../core/report-data.ts';

/** What reports are looked for with. */
export interface ReportSearch {
  readonly data: ReportData;
  /** Reports of the last answer of the session, in its order. */
  readonly shown: readonly string[];
  readonly answered: readonly AnsweredQuestion[];
  readonly readAsQuestion: ReadAsQuestion;
  /** The date in the tenant's zone, ISO 8601. */
  readonly today: string;
}

/** The reports, or what must be asked. */
export type Meant = MeantReports | { readonly question: CommandQuestion };

const withoutWords = 'the command';
const alikeMax = 5;

/** Finds them. A command that names none, where none were shown, leaves them open. */
export async function findMeant(phrase: ReportPhrase, search: ReportSearch): Promise<Meant> {
  const answer = search.answered.findLast(
    ({ kind, about }) => kind === 'reports' && about === aboutOf(wordsOf(phrase)),
  );
  return answer ? findAnswered(answer, search) : findSaid(phrase, search);
}

/** The words that a question about the phrase repeats. */
function wordsOf(phrase: ReportPhrase): string {
  if (phrase.kind === 'pointed') return phrase.one ?? withoutWords;
  return 'text' in phrase ? phrase.text : withoutWords;
}

// An answer chooses from what was offered, or says anew which reports are meant.
async function findAnswered(answer: AnsweredQuestion, search: ReportSearch): Promise<Meant> {
  const offered = answer.offered.map(({ value }) => value);
  const chosen = chosenOf(answer);
  if (chosen) return meant(chosen, 'The answer says which reports are meant.', 0.9);
  const phrase = readPhrase(answer.answer, offered.length);
  const shown = offered.length > 0 ? offered : search.shown;
  // Beside an offer, only words that plainly speak of other reports choose any.
  const isOther = phrase.kind === 'ids' || /^(?:the|all|every|each|those|these|both)\b/i.test(answer.answer);
  if (phrase.kind === 'open' || phrase.kind === 'everything' || (offered.length > 0 && !isOther)) {
    return { question: whichReport(answer.about, offered) };
  }
  const found = await findSaid(phrase, { ...search, shown });
  if (!('question' in found)) return found;
  // What is asked stays the command's own words, so that the next answer is one to them.
  const { candidates } = found.question;
  const offer = candidates.length > 0 ? candidates : offered;
  return { question: offer.length > 0 ? whichReport(answer.about, offer) : noReport(answer.about, []) };
}

async function findSaid(phrase: ReportPhrase, search: ReportSearch): Promise<Meant> {
  const { shown } = search;
  switch (phrase.kind) {
    case 'ids':
      return meant(phrase.ids, 'The command names the reports by id.', 0.95);
    case 'unclear':
      return { question: unclearReports(withoutWords, phrase.why) };
    case 'everything':
      return findAll(phrase.text, search);
    case 'picked':
      return findPicked(phrase, shown);
    case 'several':
      return findSeveral(phrase.phrases, search);
    case 'except':
      return findExcept(phrase, search);
    case 'among':
      return findAmong(phrase.text, search);
    case 'described':
      return findDescribed(phrase.text, search);
    default:
      return findShown(phrase, shown);
  }
}

function meant(ids: readonly string[], how: string, confidence: number): MeantReports {
  return { ids, how, confidence };
}

function findShown(phrase: ReportPhrase, shown: readonly string[]): Meant {
  if (shown.length === 0) return meant([], 'The command names no report.', 0.4);
  const isOne = phrase.kind === 'open' || (phrase.kind === 'pointed' && phrase.one !== undefined);
  const isCounted = phrase.kind === 'pointed' && phrase.count !== undefined && phrase.count !== shown.length;
  if ((isOne && shown.length > 1) || isCounted)
    return { question: whichReport(wordsOf(phrase), shown, shown.length) };
  return meant(shown, 'The reports of the last answer are meant.', 0.85);
}

function findPicked({ text, pick }: ReportPhrase & { kind: 'picked' }, shown: readonly string[]): Meant {
  const picked = pickFrom(shown, pick);
  if (picked) return meant(picked, `"${text}" of the last answer is meant.`, 0.9);
  const why = shown.length === 0 ? 'No reports were shown before' : `Only ${shown.length} were shown`;
  return { question: { ...unclearReports(text, why), candidates: shown } };
}

function isConfirmed(text: string, { answered }: ReportSearch): boolean {
  const answer = answered.findLast(({ kind, about }) => kind === 'scope' && about === aboutOf(text))?.answer;
  return /^(?:yes|yep|really|all|indeed|sure|right|correct)\b/i.test(answer ?? '');
}

async function findAll(text: string, search: ReportSearch): Promise<Meant> {
  const { data } = search;
  const { total, reports } = await data.retrieve({ limit: reportsReadMax });
  // More than a command may change are told, so that the platform refuses them.
  if (total <= reportsChangedMax && !isConfirmed(text, search)) return { question: reallyAll(text, total) };
  return meant(
    reports.map(({ incident_id }) => incident_id),
    'All reports are meant.',
    0.9,
  );
}

async function findSeveral(phrases: readonly ReportPhrase[], search: ReportSearch): Promise<Meant> {
  const ids: string[] = [];
  for (const phrase of phrases) {
    const found = await findMeant(phrase, search);
    if ('question' in found) return found;
    if (found.ids.length === 0)
      return { question: unclearReports(wordsOf(phrase), 'Nothing was shown before') };
    ids.push(...found.ids);
  }
  return meant([...new Set(ids)], 'The command names the reports one after the other.', 0.7);
}

async function findExcept(
  { from, minus }: ReportPhrase & { kind: 'except' },
  search: ReportSearch,
): Promise<Meant> {
  const whole = await findMeant(from, search);
  if ('question' in whole) return whole;
  // What is left out is looked for among the rest alone.
  const inside = { ...search, shown: whole.ids };
  const isShown = minus.kind === 'pointed' || minus.kind === 'picked' || minus.kind === 'ids';
  const left =
    minus.kind === 'described'
      ? await findAmong(minus.text, inside)
      : await findMeant(minus, isShown && minus.kind !== 'ids' ? search : inside);
  if ('question' in left) return left;
  const out = new Set(left.ids);
  const ids = whole.ids.filter((id) => !out.has(id));
  if (ids.length === whole.ids.length)
    return { question: unclearReports(wordsOf(minus), 'None of the others is it') };
  if (ids.length === 0) return { question: unclearReports(wordsOf(from), 'Nothing is left of it') };
  return meant(ids, `${ids.length} of ${whole.ids.length} reports are left.`, 0.7);
}

async function findAmong(text: string, search: ReportSearch): Promise<Meant> {
  const read = await searchDescribed(text, search);
  if ('question' in read) return read;
  const inList = new Set(search.shown);
  const fitting = read.found.filter(({ incident_id }) => inList.has(incident_id));
  if (fitting.length === 0) return { question: noReport(text, search.shown) };
  return counted({ ...read, text, found: fitting, total: fitting.length }, search.shown);
}

async function findDescribed(text: string, search: ReportSearch): Promise<Meant> {
  const read = await searchDescribed(text, search);
  if ('question' in read) return read;
  if (read.found.length === 0) return { question: noReport(text, await alikeOf(text, search)) };
  if (read.described.isWide && !isConfirmed(text, search))
    return { question: reallyAll(text, read.found.length) };
  return counted({ ...read, text });
}

interface Found {
  readonly text: string;
  readonly described: DescribedReports;
  readonly found: readonly FoundReport[];
  /** All that fit, also those that were not read. */
  readonly total: number;
}

// One is meant, and several fit: finished cases give way to the one that is not.
function counted({ text, described, found, total }: Found, order: readonly string[] = []): Meant {
  const { count = found.length } = described.selection;
  const unfinished = found.filter((report) => !isFinished(report));
  const fitting = count === 1 && found.length > 1 && unfinished.length === 1 ? unfinished : found;
  const ids = fitting.map(({ incident_id }) => incident_id);
  const sorted = order.length > 0 ? order.filter((id) => ids.includes(id)) : ids;
  if (ids.length !== count) return { question: whichReport(text, sorted, Math.max(total, ids.length)) };
  const how = `${ids.length} ${ids.length === 1 ? 'report fits' : 'reports fit'} "${text}".`;
  return meant(sorted, how, ids.length < found.length ? 0.65 : 0.7);
}

async function searchDescribed(
  text: string,
  { data, readAsQuestion, today }: ReportSearch,
): Promise<Omit<Found, 'text'> | { readonly question: CommandQuestion }> {
  const described = readDescription(text, readAsQuestion);
  if ('why' in described) return { question: unclearReports(text, described.why) };
  const read: FoundReport[] = [];
  let isWhole = true;
  for (const search of described.searches) {
    const { total, reports } = await data.retrieve(retrieval(search));
    read.push(...reports);
    const isCrowded = total > reports.length;
    // Finished cases must not crowd out the others.
    const byStatus = isCrowded && described.openOnly && search.status === undefined;
    for (const status of byStatus ? openStatuses : []) {
      read.push(...(await data.retrieve(retrieval(search, status))).reports);
    }
    // Without words, the newest come first.
    const isEnough =
      described.selection.order === 'newest' && search.text === undefined && !described.openOnly;
    isWhole &&= !isCrowded || byStatus || isEnough;
  }
  const { order, count, unassigned, overdue } = described.selection;
  if (!isWhole && (order !== undefined || unassigned || overdue)) {
    return { question: unclearReports(text, 'Too many reports fit to choose among them: narrow it') };
  }
  if (order !== undefined && count === undefined) {
    return { question: unclearReports(text, `How many of the ${order} is not said`) };
  }
  const found = meantBy(described, read, today);
  return { described, found, total: found.length };
}

async function alikeOf(text: string, { data, readAsQuestion }: ReportSearch): Promise<string[]> {
  for (const filter of alikeSearches(text, readAsQuestion)) {
    const { reports } = await data.retrieve({ ...filter, limit: alikeMax });
    if (reports.length > 0) return reports.map(({ incident_id }) => incident_id);
  }
  return [];
}
