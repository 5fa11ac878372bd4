// The skill "why": what the texts themselves give as causes, and which circumstances they name more often than other reports do.
// It shows what goes together and never claims more.

import type { Understanding } from '../question/understand.ts';
import type { RetrieveRequest } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { findCauses, type Statement } from './cause-finder.ts';
import { type Factor, factorName, factorsNamed, factorWords } from './factors.ts';
import {
  answerOver,
  type DataRequests,
  isReadWhole,
  type Matched,
  type QuerySkill,
  type ResultsOf,
} from './query-skill.ts';
import { countedScope } from './scope.ts';
import { narrowed, retrievalOf, type Search } from './search.ts';
import { type SentencePart, sentenceOf } from './sentence.ts';
import { counted, percent, shortened } from './words.ts';

interface Reading {
  readonly ask: 'retrieve';
  readonly request: RetrieveRequest;
}

/** Per circumstance two counts: among the matching reports, and among all of the same time and status. */
type WhyRequests = DataRequests & { readonly all: Reading | undefined } & {
  readonly [F in Factor as `with_${F}`]?: Reading;
} & { readonly [F in Factor as `all_${F}`]?: Reading };

interface FactorShare {
  readonly factor: Factor;
  readonly count: number;
  /** Among the matching reports, 0..1. */
  readonly share: number;
  /** Among all reports; equal to `share` where nothing narrows. */
  readonly shareOfAll: number;
  readonly ids: readonly string[];
}

const causesMax = 5;
/** Circumstances that are counted: those that the reports read name most. */
const factorsCountedMax = 2;
const factorReadMax = 5;
const liftMin = 1.2;
const factorReportsMin = 2;

/** Output keys: causes [{cause, count}], factors [{factor, count, share, share_of_all}], analysis, answer. Shares are 0..1. */
export const why: QuerySkill<WhyRequests> = {
  compares: [],
  orders: [],

  requests: (question, matched) => {
    const { search } = matched;
    const everything = everythingBeside(search);
    const count = (one: Search): Reading => ({
      ask: 'retrieve',
      request: { ...retrievalOf(one), limit: factorReadMax },
    });
    const pairs = candidatesOf(question, matched).flatMap((factor) => [
      [`with_${factor}`, count(narrowed(search, factorWords[factor]))],
      [`all_${factor}`, isCompared(search) ? count(narrowed(everything, factorWords[factor])) : undefined],
    ]);
    const all = isCompared(search) && pairs.length > 0 ? count(everything) : undefined;
    return { all, ...Object.fromEntries(pairs) };
  },

  answer: (question, matched, results) => {
    const causes = findCauses(matched.found.reports).slice(0, causesMax);
    const standing = standingOf(question, matched, results);
    return answerOver(question, matched, {
      output: {
        causes: causes.map(({ text, incident_ids }) => ({ cause: text, count: incident_ids.length })),
        factors: standing.map(factorRow),
        analysis: analysisOf(matched, causes, standing),
        answer: sentenceOf([
          countedScope(matched.found.total, question, matched),
          causeWords(causes, matched),
          factorPart(standing, matched.search),
        ]),
      },
      references: [...causes.flatMap((cause) => cause.incident_ids), ...standing.flatMap(({ ids }) => ids)],
      why: `Causes are quoted from the ${counted(matched.found.reports.length, 'report')} read; circumstances are words that occur together, which proves no cause.`,
    });
  },

  nothing: (answer) => ({ causes: [], factors: [], analysis: 'There is nothing to compare.', answer }),
};

/** Whether the matching reports are a part of all, so that there is something to compare with. */
function isCompared({ clauses, near, polygon, required }: Search): boolean {
  return clauses.length > 0 || required !== undefined || near !== undefined || polygon !== undefined;
}

function everythingBeside(search: Search): Search {
  const { near: _, radius_km: __, polygon: ___, required: ____, excluded: _____, ...rest } = search;
  return { ...rest, breadth: 'unsearched', alternatives: [], namesPlace: false, clauses: [] };
}

function candidatesOf({ subject }: Understanding, { found }: Matched): Factor[] {
  return factorsNamed(found.reports, subject.alternatives.flat(), factorsCountedMax);
}

/** The circumstances that occur more often than elsewhere; without anything to compare with, simply the most frequent. */
function standingOf(
  question: Understanding,
  matched: Matched,
  results: ResultsOf<WhyRequests>,
): FactorShare[] {
  const compared = isCompared(matched.search);
  const shares = candidatesOf(question, matched).map((factor): FactorShare => {
    const among = results[`with_${factor}`] ?? { total: 0, reports: [] };
    const share = shareOf(among.total, matched.found.total);
    const shareOfAll = compared
      ? shareOf(results[`all_${factor}`]?.total ?? 0, results.all?.total ?? 0)
      : share;
    const ids = among.reports.map((report) => report.incident_id);
    return { factor, count: among.total, share, shareOfAll, ids };
  });
  return shares
    .filter(({ count }) => count >= factorReportsMin)
    .filter(({ share, shareOfAll }) => !compared || share > shareOfAll * liftMin)
    .sort((a, b) => (compared ? liftOf(b) - liftOf(a) : 0) || b.count - a.count);
}

function liftOf({ share, shareOfAll }: FactorShare): number {
  return shareOfAll === 0 ? share : share / shareOfAll;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

function factorRow({ factor, count, share, shareOfAll }: FactorShare): JsonObject {
  return { factor, count, share, share_of_all: shareOfAll };
}

function analysisOf(
  { found, search }: Matched,
  causes: readonly Statement[],
  [first]: readonly FactorShare[],
): string {
  const read = counted(found.reports.length, 'report');
  const told =
    causes.length === 0
      ? `Of the ${read} read none states a cause`
      : `The ${read} read hold ${counted(causes.length, 'statement')} of a cause`;
  if (first === undefined) return `${told}; no circumstance stands out.`;
  const compared = isCompared(search) ? `, against ${percent(first.shareOfAll, 1)} of all reports` : '';
  return `${told}; ${factorName(first.factor)} is named in ${percent(first.share, 1)} of them${compared}. That they occur together proves no cause.`;
}

/** What is said of causes is said of the reports read, and of no more. */
function causeWords([cause]: readonly Statement[], { found }: Matched): SentencePart {
  if (cause === undefined)
    return isReadWhole(found)
      ? 'the reports state no cause'
      : `none of the ${found.reports.length} read states a cause`;
  const many = cause.incident_ids.length;
  const opening = many === 1 ? 'one states as cause' : `${many} state as cause`;
  return [90, 60, 40].map((most) => `${opening}: “${shortened(cause.text, most)}”`);
}

function factorPart([first]: readonly FactorShare[], search: Search): SentencePart {
  if (first === undefined) return '';
  const name = `${first.count} also name ${factorName(first.factor)}`;
  const compared = isCompared(search)
    ? ` (${percent(first.share, 1)}, of all reports ${percent(first.shareOfAll, 1)})`
    : '';
  return [`${name}${compared}`, name];
}
