// Miles of roads and named roads in reports, with the real gazetteer.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { distanceKm } from './distance.ts';
import { locate } from './geo-skill.ts';
import { locateReport } from './report-location.ts';

const gazetteer = loadGazetteer();
const placed = (text: string) => locateReport({ text, places: [] }, { gazetteer });
const kmFrom = (text: string, longitude: number, latitude: number) =>
  distanceKm(placed(text).point ?? [0, 0], [longitude, latitude]);

describe('a mile of a road', () => {
  it.each([
    ['US 101 at milepost 328', -124.42, 42.41],
    ['Rocks on I-84 near mile marker 64', -121.51, 45.71],
    ['I 5, milepost 56, Oregon', -123.33, 42.44],
    ['Highway 101 milepost 190 in Oregon is closed since the slide', -124.1, 43.98],
    ['SR 20, milepost 192, Washington', -120.18, 48.48],
    ['WA 20, MP 192', -120.18, 48.48],
    ['Interstate 70, mile marker 116, Colorado', -107.32, 39.55],
    ['Blue Ridge Parkway, milepost 384', -82.55, 35.6],
  ])('"%s" is where the towns about it say', (text, longitude, latitude) => {
    expect(kmFrom(text, longitude, latitude)).toBeLessThan(12);
    expect(placed(text).country).toBe('US');
  });

  it('is told from the same mile of another state by the state or the town that is named', () => {
    expect(kmFrom('I-90, milepost 104, Montana', -113.99, 46.87)).toBeLessThan(12);
    expect(kmFrom('I-90, milepost 109, Washington', -120.55, 47)).toBeLessThan(12);
    expect(kmFrom('I-90, milepost 104, near Missoula', -113.99, 46.87)).toBeLessThan(30);
  });

  it('is given with less confidence where several states have it', () => {
    const sources = { gazetteer };
    const anyState = locate({ text: 'I-90, milepost 104', places: [] }, sources).confidence;
    const inState = locate({ text: 'I-90, milepost 104, Montana', places: [] }, sources).confidence;
    expect(anyState).toBeLessThan(inState);
  });

  it.each([
    'State Route 20, milepost 192',
    'US 101 is closed',
    'Milepost 192',
    'US 101, milepost 900',
    'NH 37, milepost 20',
  ])('"%s" names none that is known', (text) => expect(placed(text)).not.toHaveProperty('point'));

  it('covers the road and the mile in the text, and the reason names no place that was not looked up', () => {
    const { output, reasoning } = locate(
      { text: 'Mud on US 101, milepost 332 again', places: [] },
      { gazetteer },
    );
    expect(output.location_text).toBe('US 101, milepost 332');
    expect(reasoning).toContain('that of the road "US 101, milepost 332"');
    expect(reasoning).not.toContain('tenant');
  });

  it('counts for a tenant only about its own area', () => {
    const at = (longitude: number, latitude: number) =>
      locateReport(
        {
          text: 'Rocks on US 101 at milepost 328',
          places: [],
          homeArea: { name: 'Home', point: [longitude, latitude] },
        },
        { gazetteer },
      );
    expect(at(-124.2, 43)).toHaveProperty('point');
    expect(at(-71.06, 42.36)).not.toHaveProperty('point');
  });
});

describe('a road with a name of its own', () => {
  it('is given with little confidence, for it is long, and the reason says so', () => {
    const { confidence, reasoning } = locate(
      { text: 'Landslide on the Karakoram Highway', places: [] },
      { gazetteer },
    );
    expect(confidence).toBeLessThanOrEqual(0.3);
    expect(reasoning).toContain('half way along the road "Karakoram Highway"');
  });

  it('is half way along itself when nothing more exact is named', () => {
    expect(kmFrom('Landslide on the Sea-to-Sky Highway', -123.15, 49.7)).toBeLessThan(25);
    expect(placed('Prithvi Highway').country).toBe('NP');
  });

  it('gives way to a town that is named with it', () => {
    expect(kmFrom('Sea to Sky Highway near Whistler', -122.96, 50.12)).toBeLessThan(10);
  });

  it('is another road where another country is named', () => {
    expect(placed('Great Ocean Road, Ireland').country).toBe('IE');
  });
});

describe('a road named after the towns at its ends', () => {
  it('is half way between them', () => {
    expect(placed('Jammu-Srinagar highway').relation).toBe('between');
    expect(kmFrom('Jammu-Srinagar highway', 74.83, 33.41)).toBeLessThan(10);
  });
});
