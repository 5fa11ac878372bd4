// The skill "who": who reported, whom the reports name, and which groups of people they are about.

import type { Question } from '../question.ts';
import type { AggregateRequest, RetrieveRequest } from '../report-data.ts';
import { entityGroups, type Group, groupRows, mergeGroups } from './groups.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf, narrowed, retrievalOf } from './search.ts';
import { counted, listing, repeated, scopeOf, sentenceOf } from './sentence.ts';

/** Groups of people and the words by which reports name them. */
const peopleWords = {
  pedestrians: ['pedestrian', 'walker'],
  cyclists: ['cyclist', 'biker', 'bicyclist'],
  drivers: ['driver', 'motorist'],
  children: ['child', 'kid', 'student'],
  elderly: ['elderly', 'senior'],
  wheelchair_users: ['wheelchair', 'disabled', 'handicap'],
  residents: ['resident', 'neighbor', 'tenant'],
} as const;

type People = keyof typeof peopleWords;
const peoples: readonly People[] = Object.keys(peopleWords) as People[];
const reportersMax = 50;
const entitiesShownMax = 10;
const rowsMax = 10;
/** Up to so many reports a name that occurs once is worth showing. */
const fewReports = 10;

interface WhoRequests extends DataRequests {
  readonly reporters: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
  readonly entities: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
  readonly pedestrians: PeopleRequest;
  readonly cyclists: PeopleRequest;
  readonly drivers: PeopleRequest;
  readonly children: PeopleRequest;
  readonly elderly: PeopleRequest;
  readonly wheelchair_users: PeopleRequest;
  readonly residents: PeopleRequest;
}

interface PeopleRequest {
  readonly ask: 'retrieve';
  readonly request: RetrieveRequest;
}

/** Output keys: entities [{name, type, count}], reporters {distinct, more, top}, affected [{group, count}], answer. */
export const who: QuerySkill<WhoRequests> = {
  requests: (_question, { search }) => {
    const filter = filterOf(search);
    const people = (group: People): PeopleRequest => ({
      ask: 'retrieve',
      request: { ...retrievalOf(narrowed(search, peopleWords[group])), limit: 5 },
    });
    return {
      reporters: { ask: 'aggregate', request: { ...filter, group_by: 'created_by', limit: reportersMax } },
      entities: {
        ask: 'aggregate',
        request: { ...filter, group_by: 'ingestion_data.entities', limit: reportersMax },
      },
      pedestrians: people('pedestrians'),
      cyclists: people('cyclists'),
      drivers: people('drivers'),
      children: people('children'),
      elderly: people('elderly'),
      wheelchair_users: people('wheelchair_users'),
      residents: people('residents'),
    };
  },

  answer: (question, matched, results) => {
    const reporters = results.reporters.groups;
    const named = entityGroups(results.entities.groups).filter(
      ({ type }) => type === 'organization' || type === 'person',
    );
    const affected = peoples
      .map((group) => ({ key: group, count: results[group].total }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
    const output = {
      entities: named.slice(0, entitiesShownMax).map(({ key, type, count }) => ({ name: key, type, count })),
      reporters: {
        distinct: reporters.length,
        more: reporters.length === reportersMax,
        top: groupRows(reporters, 'user_id', rowsMax),
      },
      affected: groupRows(affected, 'group', rowsMax),
      answer: sentence(question, matched, reporters, mergeGroups(named), affected),
    };
    const leading = affected[0];
    const references =
      leading === undefined ? [] : results[leading.key].reports.map((report) => report.incident_id);
    return answerOver(question, matched, {
      output,
      references: references.filter((id) =>
        matched.found.reports.some((report) => report.incident_id === id),
      ),
      why: 'Reporters are the users who filed them; names and groups of people are those in their texts.',
    });
  },

  nothing: (answer) => ({ entities: [], affected: [], answer }),
};

function sentence(
  question: Question,
  matched: Matched,
  reporters: readonly Group[],
  named: readonly Group[],
  affected: readonly Group[],
): string {
  const { total } = matched.found;
  const scope = scopeOf(question, matched.search);
  const many =
    reporters.length === reportersMax
      ? `at least ${reportersMax} reporters`
      : counted(reporters.length, 'reporter');
  const by = reporters.length === 0 ? '' : ` by ${many}`;
  const about = listing('people mentioned', affected, 3);
  const names = listing(
    'named',
    total > fewReports && !question.fields.has('organization') ? repeated(named) : named,
    3,
  );
  const order = question.fields.has('organization') ? [names, about] : [about, names];
  return sentenceOf([`${counted(total, 'report')}${scope === '' ? '' : ` ${scope}`}${by}`, ...order]);
}
