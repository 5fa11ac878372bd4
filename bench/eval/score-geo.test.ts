// The scorers of places on small rows made up for it: right, wrong and missing answers count as the measures say.
import { describe, expect, it } from '@jest/globals';
import { errorKm, shareWithin } from './geo-rows.ts';
import { scoreDescriptions, scoreSpotters } from './score-geo-places.ts';
import { scoreToponyms } from './score-geo-toponyms.ts';
import type { Metric } from './scorer.ts';

const figure = (metrics: readonly Metric[], name: string) =>
  metrics.find(({ metric }) => metric === name)?.value;

describe('toponyms', () => {
  const text = 'Floods hit Paris and Atlantisville.';
  const names = [
    { text: 'Paris', start: 11, end: 16, lat: 48.86, lon: 2.35 },
    { text: 'Atlantisville', start: 21, end: 34, lat: 0, lon: 0 },
  ];

  it('counts what is not known as wrong', async () => {
    const metrics = await scoreToponyms([{ id: 'a', text, toponyms: names }]);
    expect(figure(metrics, 'acc_161km')).toBe(0.5);
    expect(figure(metrics, 'answered')).toBe(0.5);
    expect(metrics[0]?.n).toBe(2);
  });

  it('compares the names found with those given by their spans', async () => {
    const metrics = await scoreToponyms([{ id: 'a', text, toponyms: names }]);
    expect(figure(metrics, 'recognition_precision')).toBe(1);
    expect(figure(metrics, 'recognition_recall')).toBe(0.5);
  });

  it('names the row that lacks a field', async () =>
    expect(scoreToponyms([{ id: 'a', text }])).rejects.toThrow('a: toponyms'));
});

describe('descriptions', () => {
  const row = { id: 'b', text: 'Wokha, India', lat: 26.1, lon: 94.26, accuracy_km: 1, country_code: 'IN' };

  it("takes a hit within 25 km or within the row's own uncertainty", async () => {
    const far = { ...row, lat: 26.4 };
    const metrics = await scoreDescriptions([row, far, { ...far, accuracy_km: 50 }]);
    expect(figure(metrics, 'acc_25km')).toBeCloseTo(2 / 3);
    expect(figure(metrics, 'country')).toBe(1);
  });

  it('counts what has no point as wrong', async () => {
    const metrics = await scoreDescriptions([{ ...row, text: 'qwertyuiop' }]);
    expect(metrics.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  });
});

describe('spotters', () => {
  it('reads the distance and the direction from a town', async () => {
    const row = { id: 'c', location_text: '3 N AMES', county: 'Story', state: 'IA', lat: 42.08, lon: -93.62 };
    expect(figure(await scoreSpotters([row, { ...row, lat: 41.5 }]), 'acc_5km')).toBe(0.5);
  });
});

it('measures what is missing as infinitely far', () => {
  expect(errorKm(undefined, [0, 0])).toBe(Number.POSITIVE_INFINITY);
  expect(shareWithin([1, 10, Number.POSITIVE_INFINITY], 5)).toBeCloseTo(1 / 3);
  expect(shareWithin([], 5)).toBe(0);
});
