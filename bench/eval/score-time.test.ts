// The scorers of times on rows made for it: right answers count, wrong and missing ones do not, and a broken row is named.

import { describe, expect, it } from '@jest/globals';
import { scoreCtparse } from './score-time-ctparse.ts';
import { scoreDuckling } from './score-time-duckling.ts';
import { scoreMeantime } from './score-time-meantime.ts';
import { scoreRecognizers } from './score-time-recognizers.ts';
import type { Metric, Scorer } from './scorer.ts';
import { scorerOf } from './scorers.ts';

const valuesOf = (metrics: readonly Metric[]) =>
  Object.fromEntries(metrics.map(({ metric, value, n }) => [metric, [value, n]]));

describe('news texts', () => {
  const row = (value: string) => ({
    id: 'a',
    dct: '2020-03-04',
    text: 'It rained on Monday and today',
    timexes: [
      { text: 'Monday', start: 13, end: 19, type: 'DATE', value },
      { text: 'rained', start: 3, end: 9, type: 'DATE', value: '2020' },
      { text: 'It', start: 0, end: 2, type: 'DATE', value: '2020' },
    ],
  });

  it('are scored by values of overlapping expressions among all labels and answers', async () => {
    expect(valuesOf(await scoreMeantime([row('2020-03-02')]))).toMatchObject({
      value_f1: [0.4, 3],
      relaxed_f1: [0.4, 3],
    });
    expect(valuesOf(await scoreMeantime([row('2020-03-03')]))).toMatchObject({ value_f1: [0, 3] });
  });
});

describe('single expressions', () => {
  const moment = { ref_time: '2020-03-04T10:00:00-02:00' };

  it('need start, end and grain as labelled', async () => {
    const rows = [
      {
        id: 'a',
        text: 'tomorrow',
        ...moment,
        gold: { kind: 'time', start: '2020-03-05T00:00:00', grain: 'day' },
      },
      {
        id: 'b',
        text: 'tomorrow',
        ...moment,
        gold: { kind: 'time', start: '2020-03-05T00:00:00', grain: 'hour' },
      },
      {
        id: 'c',
        text: 'from 5 to 6pm',
        ...moment,
        gold: {
          kind: 'interval',
          start: '2020-03-04T17:00:00',
          end_exclusive: '2020-03-04T19:00:00',
          grain: 'hour',
        },
      },
      {
        id: 'd',
        text: 'blue',
        ...moment,
        gold: { kind: 'time', start: '2020-03-05T00:00:00', grain: 'day' },
      },
    ];
    expect(valuesOf(await scoreDuckling(rows))).toEqual({ exact: [0.5, 4] });
  });

  it('need exactly the labelled fields', async () => {
    const reference = { ref_time: '2020-03-04T10:00:00' };
    const day = { year: 2020, month: 4, day: 3 };
    const rows = [
      { id: 'a', text: '3/4', ...reference, gold: { kind: 'time', time: day } },
      { id: 'b', text: '3/4 at 17:00', ...reference, gold: { kind: 'time', time: day } },
      { id: 'c', text: '2 nights', ...reference, gold: { kind: 'duration', n: 2, unit: 'nights' } },
    ];
    expect(valuesOf(await scoreCtparse(rows))).toEqual({ exact: [2 / 3, 3] });
  });
});

describe('short sentences', () => {
  const reference = { ref_time: '2020-03-04T10:00:00' };
  const friday = (value: string) => ({
    text: 'Friday',
    start: 11,
    end: 17,
    type: 'date',
    values: [{ value }, { value: '2020-03-06' }],
  });

  it('count any labelled reading, and what is found where nothing is', async () => {
    const rows = [
      { id: 'a', text: 'We meet on Friday', ...reference, expressions: [friday('2020-02-28')] },
      { id: 'b', text: 'It costs money', ...reference, expressions: [] },
      { id: 'c', text: 'See you tomorrow', ...reference, expressions: [] },
    ];
    expect(valuesOf(await scoreRecognizers(rows))).toMatchObject({
      value_accuracy: [1, 1],
      false_alarms: [0.5, 2],
    });
  });
});

describe('a row without its labels', () => {
  it.each<[string, Scorer]>([
    ['time_meantime.x.jsonl', scoreMeantime],
    ['time_duckling.x.jsonl', scoreDuckling],
    ['time_ctparse.x.jsonl', scoreCtparse],
    ['time_recognizers.x.jsonl', scoreRecognizers],
  ])('of %s is named', async (file, score) => {
    expect(scorerOf(file)).toBeDefined();
    await expect(score([{ id: 'r7' }], file)).rejects.toThrow(/r7/);
  });
});
