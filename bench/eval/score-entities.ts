// Scores the entity agent's names on sets of texts with marked names: exact span and exact kind, each place in a text for itself. Things
// of the town without a name of their own (potholes, hydrants) are no kind of these sets and are not counted.
import { type EntityMention, findEntityMentions } from '../../services/agents/core/entity/named-entities.ts';
import { type NameKind, nameKinds } from '../../services/agents/core/entity/recognizer/name-labels.ts';
import type { RecognizeNames } from '../../services/agents/core/entity/recognizer/name-recognizer.ts';
import { tagText } from '../../services/agents/core/entity/tagger.ts';
import { loadNameRecognizer } from '../../services/agents/store/entity-model.ts';
import type { Metric, Row } from './scorer.ts';

interface MarkedName {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

interface Counts {
  readonly right: number;
  readonly found: number;
  readonly marked: number;
}

interface ReadRow {
  readonly marked: readonly MarkedName[];
  readonly found: readonly EntityMention[];
}

/** Precision, recall and F1 over all names, then F1 of each kind; n is the number of marked names. */
export async function scoreEntities(rows: readonly Row[]): Promise<readonly Metric[]> {
  const recognizeNames = loadNameRecognizer();
  const read = rows.map((row, at) => readRow(row, at, recognizeNames));
  const all = countNames(read, () => true);
  return [
    metric('f1', f1Of(all), all),
    metric('precision', all.right / Math.max(1, all.found), all),
    metric('recall', all.right / Math.max(1, all.marked), all),
    ...nameKinds.map((kind) => {
      const counts = countNames(read, (each) => each === kind);
      return metric(`f1_${kind.replace('-', '_')}`, f1Of(counts), counts);
    }),
  ];
}

function metric(name: string, value: number, { marked }: Counts): Metric {
  return { metric: name, value, n: marked };
}

function f1Of({ right, found, marked }: Counts): number {
  return (2 * right) / Math.max(1, found + marked);
}

function countNames(rows: readonly ReadRow[], counts: (kind: string) => boolean): Counts {
  const counted = rows.map(({ marked, found }) => {
    const keys = new Set(
      marked.filter(({ type }) => counts(type)).map(({ start, end, type }) => `${start} ${end} ${type}`),
    );
    const names = found.filter(({ kind }) => kind !== undefined && counts(kind));
    const right = names.filter(({ start, end, kind }) => keys.has(`${start} ${end} ${kind}`)).length;
    return { right, found: names.length, marked: keys.size };
  });
  const sum = (of: (counts: Counts) => number): number =>
    counted.reduce((total, each) => total + of(each), 0);
  return {
    right: sum(({ right }) => right),
    found: sum(({ found }) => found),
    marked: sum(({ marked }) => marked),
  };
}

function readRow(row: Row, at: number, recognizeNames: RecognizeNames): ReadRow {
  const { id = `row ${at + 1}`, text, entities } = row;
  if (typeof text !== 'string') throw new Error(`${id}: text is not a string`);
  if (!Array.isArray(entities) || !entities.every(isMarkedName)) {
    throw new Error(`${id}: entities is not a list of {start, end, type}`);
  }
  const found = findEntityMentions({ text, sentences: tagText(text), places: [], recognizeNames });
  return { marked: entities, found };
}

function isMarkedName(value: unknown): value is MarkedName {
  if (typeof value !== 'object' || value === null) return false;
  const { start, end, type } = value as Partial<Record<keyof MarkedName, unknown>>;
  return Number.isInteger(start) && Number.isInteger(end) && nameKinds.includes(type as NameKind);
}
