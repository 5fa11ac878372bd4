// The skill "why": what the texts themselves give as causes, and which circumstances they name more often than other reports do.
// It shows what goes together and never claims more.

import type { Question } from '../question.ts';
import type { RetrieveRequest } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { findCauses, type Statement } from './cause-finder.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { narrowed, retrievalOf, type Search } from './search.ts';
import { counted, percent, scopeOf, sentenceOf } from './sentence.ts';

/** Circumstances and the words by which reports name them. */
const factorWords = {
  snow_and_ice: ['snow', 'ice', 'icy'],
  rain_and_storm: ['rain', 'storm', 'flood'],
  construction: ['construction', 'contractor', 'permit'],
  traffic_and_speed: ['traffic', 'speeding', 'speed'],
  parking: ['illegally', 'towed', 'parked car'],
  poor_lighting: ['dark', 'unlit', 'poorly lit'],
  missed_service: ['missed', 'uncollected', 'overflowing'],
  wear: ['broken', 'worn', 'faded'],
} as const;

type Factor = keyof typeof factorWords;
const factors: readonly Factor[] = Object.keys(factorWords) as Factor[];

interface Count {
  readonly ask: 'retrieve';
  readonly request: RetrieveRequest;
}

/** Per factor two counts: among the matching reports, and among all of the same time. */
type WhyRequests = DataRequests & { readonly all: Count } & {
  readonly [K in Factor as `with_${K}`]: Count;
} & {
  readonly [K in Factor as `all_${K}`]: Count;
};

interface FactorShare {
  readonly factor: Factor;
  readonly count: number;
  readonly share: number;
  readonly shareOfAll: number;
  readonly ids: readonly string[];
}

const causesMax = 5;
const factorsMax = 5;
const liftMin = 1.2;
const factorReportsMin = 2;
/** Words that agree in so many first letters count as one. */
const stemLength = 4;

/** Output keys: causes [{cause, count}], factors [{factor, count, share, share_of_all}], analysis, answer. Shares are 0..1. */
export const why: QuerySkill<WhyRequests> = {
  requests: (_question, { search }) => {
    const everything: Search = { ...search, breadth: 'unsearched', clauses: [] };
    const count = (one: Search): Count => ({ ask: 'retrieve', request: { ...retrievalOf(one), limit: 5 } });
    const pairs = factors.flatMap((factor) => [
      [`with_${factor}`, count(narrowed(search, factorWords[factor]))],
      [`all_${factor}`, count(narrowed(everything, factorWords[factor]))],
    ]);
    return { all: count(everything), ...Object.fromEntries(pairs) } as WhyRequests;
  },

  answer: (question, matched, results) => {
    const causes = findCauses(matched.found.reports).slice(0, causesMax);
    const shares = factors
      .map((factor): FactorShare => {
        const among = results[`with_${factor}`];
        return {
          factor,
          count: among.total,
          share: shareOf(among.total, matched.found.total),
          shareOfAll: shareOf(results[`all_${factor}`].total, results.all.total),
          ids: among.reports.map((report) => report.incident_id),
        };
      })
      .filter(({ factor, count }) => count > 0 && !isAsked(factor, question));
    const standing = leading(shares, matched.search);
    const analysis = analysisOf(matched, causes, standing);
    return answerOver(question, matched, {
      output: {
        causes: causes.map(({ text, incident_ids }) => ({ cause: text, count: incident_ids.length })),
        factors: standing.slice(0, factorsMax).map(factorRow),
        analysis,
        answer: sentence(question, matched, causes, standing),
      },
      references: [
        ...causes.flatMap((cause) => cause.incident_ids),
        ...standing.slice(0, 2).flatMap(({ ids }) => ids),
      ],
      why: `Causes are quoted from the ${matched.found.reports.length} reports read; factors are words that occur together, which proves no cause.`,
    });
  },

  nothing: (answer) => ({ causes: [], factors: [], analysis: 'There is nothing to compare.', answer }),
};

/** Factors that occur more often than elsewhere; without anything to compare with, simply the most frequent. */
function leading(shares: readonly FactorShare[], search: Search): FactorShare[] {
  const compared = search.clauses.length > 0;
  const kept = shares.filter(
    ({ count, share, shareOfAll }) =>
      count >= factorReportsMin && (!compared || share > shareOfAll * liftMin),
  );
  const lift = ({ share, shareOfAll }: FactorShare): number =>
    shareOfAll === 0 ? share : share / shareOfAll;
  return kept.sort((a, b) => (compared ? lift(b) - lift(a) : 0) || b.count - a.count);
}

/** Whether the question searches for the factor itself. */
function isAsked(factor: Factor, { topics }: Question): boolean {
  const asked = topics.flatMap(({ choices }) => choices.map((word) => word.slice(0, stemLength)));
  return factorWords[factor].some((word) => asked.includes(word.slice(0, stemLength)));
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

function factorRow({ factor, count, share, shareOfAll }: FactorShare): JsonObject {
  return { factor, count, share, share_of_all: shareOfAll };
}

function named(factor: Factor): string {
  return factor.replaceAll('_', ' ');
}

function analysisOf(
  matched: Matched,
  causes: readonly Statement[],
  standing: readonly FactorShare[],
): string {
  const [first] = standing;
  const told = `${causes.length === 0 ? 'No report read' : counted(causes.length, 'statement')} ${causes.length === 0 ? 'gives a cause' : 'of a cause in the texts'}`;
  if (first === undefined) return `${told}; no circumstance stands out.`;
  const compared =
    matched.search.clauses.length > 0 ? `, against ${percent(first.shareOfAll, 1)} of all reports` : '';
  return `${told}; ${named(first.factor)} is named in ${percent(first.share, 1)} of them${compared}.`;
}

function sentence(
  question: Question,
  matched: Matched,
  causes: readonly Statement[],
  standing: readonly FactorShare[],
): string {
  const scope = scopeOf(question, matched.search);
  const [cause] = causes;
  const factorList = standing
    .slice(0, 2)
    .map(({ factor, share }) => `${named(factor)} (${percent(share, 1)})`);
  return sentenceOf([
    `${counted(matched.found.total, 'report')}${scope === '' ? '' : ` ${scope}`}`,
    factorList.length === 0 ? 'no circumstance stands out' : `often with ${factorList.join(', ')}`,
    cause === undefined ? 'no text states a cause' : `one says: “${cause.text}”`,
  ]);
}
