// The skill "who": who reported, whom the reports name, and which groups of people they are about.

import { conditionPaths } from '../question/conditions.ts';
import type { Understanding } from '../question/understand.ts';
import type { AggregateRequest, RetrieveRequest, RetrieveResult } from '../report-data.ts';
import { entityGroups, type Group, groupRows, mergeGroups } from './groups.ts';
import { type People, peopleNamed, peopleWords } from './people.ts';
import { placeNamesOf } from './place-names.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf, narrowed, retrievalOf } from './search.ts';
import { listing, repeated, type SentencePart, sentenceOf } from './sentence.ts';
import { counted as numbered } from './words.ts';

interface Reading {
  readonly ask: 'retrieve';
  readonly request: RetrieveRequest;
}

interface Grouping {
  readonly ask: 'aggregate';
  readonly request: AggregateRequest;
}

type WhoRequests = DataRequests & {
  /** Asked for where the question asks for them. */
  readonly assignees: Grouping | undefined;
  readonly reporters: Grouping;
  readonly entities: Grouping;
} & { readonly [G in People]?: Reading };

const reportersMax = 50;
const entitiesShownMax = 10;
const rowsMax = 10;
/** Groups of people that are counted: those that the reports read name most. */
const peopleCountedMax = 3;
const peopleReadMax = 5;
/** Up to so many reports a name that occurs once is worth showing. */
const fewReports = 10;

/** Output keys: entities [{name, type, count}], reporters {distinct, more, top}, affected [{group, count}], answer. */
export const who: QuerySkill<WhoRequests> = {
  compares: [],
  orders: [],

  requests: ({ fields }, { search, found }) => {
    const by = (group_by: AggregateRequest['group_by']) =>
      ({
        ask: 'aggregate',
        request: { ...filterOf(search), group_by, limit: reportersMax },
      }) as const;
    const people = peopleNamed(found.reports, peopleCountedMax).map((group): [People, Reading] => {
      const request = { ...retrievalOf(narrowed(search, peopleWords[group])), limit: peopleReadMax };
      return [group, { ask: 'retrieve', request }];
    });
    const fixed = {
      assignees: fields.has('assignee') ? by(conditionPaths.assignee) : undefined,
      reporters: by('created_by'),
      entities: by('ingestion_data.entities'),
    };
    return { ...fixed, ...Object.fromEntries(people) };
  },

  answer: (question, matched, results) => {
    const reporters = results.reporters?.groups ?? [];
    const assignees = results.assignees?.groups;
    const isPlace = placeNamesOf(question.places, matched.found.reports);
    const named = entityGroups(results.entities?.groups ?? []).filter(
      ({ key, type }) => (type === 'organization' || type === 'person') && !isPlace(key),
    );
    const affected = affectedOf(matched, results);
    const output = {
      entities: named.slice(0, entitiesShownMax).map(({ key, type, count }) => ({ name: key, type, count })),
      reporters: {
        distinct: reporters.length,
        more: reporters.length === reportersMax,
        top: groupRows(reporters, 'user_id', rowsMax),
        ...(assignees !== undefined && { assignees: groupRows(assignees, 'assignee_id', rowsMax) }),
      },
      affected: groupRows(affected, 'group', rowsMax),
      answer: sentence(question, matched, { reporters, assignees, named: mergeGroups(named), affected }),
    };
    const read = new Set(matched.found.reports.map((report) => report.incident_id));
    return answerOver(question, matched, {
      output,
      references: (affected[0]?.ids ?? []).filter((id) => read.has(id)),
      why: 'Reporters are the users who filed them; names and groups of people are those in their texts.',
    });
  },

  nothing: (answer) => ({ entities: [], affected: [], answer }),
};

interface PeopleGroup extends Group {
  readonly ids: readonly string[];
}

function affectedOf(
  { found }: Matched,
  counts: { readonly [G in People]?: RetrieveResult | undefined },
): PeopleGroup[] {
  return peopleNamed(found.reports, peopleCountedMax)
    .map((key) => {
      const { total, reports } = counts[key] ?? { total: 0, reports: [] };
      return { key, count: total, ids: reports.map((report) => report.incident_id) };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

interface Concerned {
  /** Absent where the question does not ask for them. */
  readonly assignees: readonly Group[] | undefined;
  readonly reporters: readonly Group[];
  readonly named: readonly Group[];
  readonly affected: readonly Group[];
}

function sentence(question: Understanding, matched: Matched, concerned: Concerned): string {
  const { reporters, assignees, named, affected } = concerned;
  const { total } = matched.found;
  const some =
    reporters.length === reportersMax
      ? `at least ${reportersMax} reporters`
      : numbered(reporters.length, 'reporter');
  const from = reporters.length === 0 ? '' : `, from ${some}`;
  const about = listing('people mentioned', affected, 3);
  const few = total <= fewReports || question.fields.has('organization');
  const names = listing('names', few ? named : repeated(named), 3);
  const order = question.fields.has('organization') ? [names, about] : [about, names];
  const counted = countedScope(total, question, matched);
  if (assignees !== undefined) return sentenceOf([counted, ...assigneeWords(assignees, total), ...order]);
  return sentenceOf([`${counted}${from}`, ...order]);
}

/** Who has the cases, and how many nobody has. */
function assigneeWords(assignees: readonly Group[], total: number): SentencePart[] {
  if (assignees.length === 0) return ['none is assigned to anyone'];
  const left = total - assignees.reduce((sum, { count }) => sum + count, 0);
  return [listing('assigned to', assignees, 4), left > 0 ? `${left} not assigned` : 'all assigned'];
}
