// Scores names of places that are given with the text (sets geo_geovirus): each is placed with all of the text in view. Metric
// `acc_161km` is over all names, those without an answer counted as wrong; `recognition_*` says how many of the names the agent finds itself,
// by exact span.
import type { Gazetteer, Position } from '../../services/agents/core/gazetteer.ts';
import { findMentions } from '../../services/agents/core/geo/mention-finder.ts';
import { resolvePlaces } from '../../services/agents/core/geo/resolve-places.ts';
import { loadGazetteer } from '../../services/agents/store/gazetteer.ts';
import { errorKm, goldPoint, shareWithin, textField } from './geo-rows.ts';
import type { Metric, Row } from './scorer.ts';

const accuracyKm = 161;

/** One name of a row with its gold point. */
export interface Toponym {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly gold: Position;
}

/** Scores all rows of one file. */
export async function scoreToponyms(rows: readonly Row[]): Promise<readonly Metric[]> {
  const gazetteer = loadGazetteer();
  const errors = rows.flatMap((row) => {
    const toponyms = toponymsOf(row);
    const answers = resolvePlaces(textField(row, 'text'), toponyms, { gazetteer });
    return toponyms.map(({ gold }, at) => errorKm(answers[at]?.place.point, gold));
  });
  const found = rows.map((row) => countFound(row, gazetteer));
  const answered = errors.filter((error) => error !== Number.POSITIVE_INFINITY);
  return [
    { metric: 'acc_161km', value: shareWithin(errors, accuracyKm), n: errors.length },
    { metric: 'answered', value: answered.length / errors.length, n: errors.length },
    ...recognition(found),
  ];
}

interface Found {
  readonly right: number;
  readonly found: number;
  readonly named: number;
}

/** The places of the gazetteer that the agent finds in the bare text, and how many of them are names of the row. */
function countFound(row: Row, gazetteer: Gazetteer): Found {
  const toponyms = toponymsOf(row);
  const mentions = findMentions({ text: textField(row, 'text'), places: [] }, { gazetteer }).filter(
    ({ place }) => place !== undefined,
  );
  const right = mentions.filter(({ start, end }) =>
    toponyms.some((toponym) => toponym.start === start && toponym.end === end),
  );
  return { right: right.length, found: mentions.length, named: toponyms.length };
}

function recognition(counts: readonly Found[]): Metric[] {
  const sum = (key: keyof Found): number => counts.reduce((total, count) => total + count[key], 0);
  const [right, found, named] = [sum('right'), sum('found'), sum('named')];
  return [
    { metric: 'recognition_precision', value: found === 0 ? 0 : right / found, n: found },
    { metric: 'recognition_recall', value: named === 0 ? 0 : right / named, n: named },
    { metric: 'recognition_f1', value: found + named === 0 ? 0 : (2 * right) / (found + named), n: named },
  ];
}

/** The names of a row, in the row's order. */
export function toponymsOf(row: Row): Toponym[] {
  const { toponyms } = row;
  if (!Array.isArray(toponyms)) throw new Error(`${String(row.id)}: toponyms is not a list`);
  return toponyms.map((each: Row) => ({
    text: textField(each, 'text'),
    start: Number(each.start),
    end: Number(each.end),
    gold: goldPoint(each),
  }));
}
