// Maps and hotspots of located reports.

import { describe, expect, it } from '@jest/globals';
import { findHotspots } from './hotspots.ts';
import { mapDataOf } from './map-data.ts';

const located = (
  incident_id: string,
  longitude: number,
  latitude: number,
  location_text: string | null = null,
) => ({
  incident_id,
  point: { type: 'Point' as const, coordinates: [longitude, latitude] as const },
  status: 'pending',
  location_text,
});

describe('mapDataOf', () => {
  it('is null without points, markers up to ten and a heat map beyond', () => {
    const points = Array.from({ length: 11 }, (_, at) => located(`inc_${at}`, at / 100, 0));
    expect(mapDataOf([])).toBeNull();
    expect(mapDataOf(points.slice(0, 1))).toMatchObject({ map_action: 'ADD_MARKERS', display: 'marker' });
    expect(mapDataOf(points.slice(0, 10))).toMatchObject({ map_action: 'ADD_MARKERS', display: 'markers' });
    expect(mapDataOf(points)).toMatchObject({
      map_action: 'FIT_BOUNDS',
      display: 'heatmap',
      cluster_degrees: 0.01,
    });
  });

  it('pads the bounds by a tenth and at least a hundredth of a degree', () => {
    expect(mapDataOf([located('1', 10, 50), located('2', 11, 50)])?.bounds).toEqual({
      west: 9.9,
      south: 49.99,
      east: 11.1,
      north: 50.01,
    });
  });
});

describe('findHotspots', () => {
  it('finds cells with several reports, the fullest first, under their most frequent name', () => {
    const points = [
      located('1', 10.001, 50.001, 'Elm St'),
      located('2', 10.003, 50.003, 'Elm St'),
      located('3', 10.002, 50.002, 'Oak St'),
      located('4', 20, 20),
    ];
    expect(findHotspots(points, 5)).toEqual([
      { center: [10.002, 50.002], count: 3, label: 'Elm St', incident_ids: ['1', '2', '3'] },
    ]);
  });
});
