// What the geo skill says about real kinds of reports, with the real gazetteer.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { distanceKm } from './distance.ts';
import { locate } from './geo-skill.ts';
import { locateReport } from './report-location.ts';

const sources = { gazetteer: loadGazetteer() };
const boston = { name: 'Boston', point: [-71.06, 42.36] as const };
const places = [
  { name: 'Roslindale', aliases: [], point: [-71.13, 42.28] as const },
  { name: 'Jamaica Plain', aliases: ['JP'], point: [-71.12, 42.31] as const },
  { name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const },
];
const inBoston = (text: string) => locate({ text, places, homeArea: boston }, sources);
const anywhere = (text: string) => locate({ text, places: [] }, sources);

describe('a tenant with an area and places', () => {
  it('gives the point of a place that is named, with the span of its name', () => {
    const text = 'Too many rats in JamaicaPlain lately';
    const { output, spans } = inBoston(text);
    expect(output.geo_location).toEqual({ type: 'Point', coordinates: [-71.12, 42.31] });
    expect(spans.geo_location?.map(({ start, end }) => text.slice(start, end))).toEqual(['JamaicaPlain']);
  });

  it('takes a short alias only as it is written', () => {
    expect(inBoston('Snow all over JP').output.location_text).toBe('JP');
    expect(inBoston('my jp friend fell').output.location_text).toBeUndefined();
  });

  it('gives an address with its neighbourhood as one text and the point of the neighbourhood with less confidence', () => {
    const { output, confidence } = inBoston('Hydrant leaking at 1468 Centre St, Roslindale');
    expect(output.location_text).toBe('1468 Centre St, Roslindale');
    expect(output.address).toBe('1468 Centre St, Roslindale');
    expect(output.geo_location).toEqual({ type: 'Point', coordinates: [-71.13, 42.28] });
    expect(confidence).toBeLessThan(inBoston('Rats in Roslindale').confidence);
  });

  it('invents no point for a street alone', () => {
    const { output } = inBoston('Potholes on Carrier Street');
    expect(output.location_text).toBe('Carrier Street');
    expect(output).not.toHaveProperty('geo_location');
  });

  it('invents no point for a street in the home area itself', () => {
    expect(inBoston('Trash behind 73 Hemenway Street in Boston').output).not.toHaveProperty('geo_location');
  });

  it('does not take a street named after a neighbourhood for the neighbourhood', () => {
    expect(inBoston('Ice on Hyde Park Ave').output).not.toHaveProperty('geo_location');
  });

  it('does not take an office of the city for a place', () => {
    expect(inBoston('The City of Boston never answers').output).toEqual({ confidence: 0.15 });
  });

  it('does not take a far town of the same name for a street', () => {
    expect(inBoston('Turning right from Warren is scary').output).not.toHaveProperty('geo_location');
  });
});

describe('the gazetteer', () => {
  it.each([
    ['Flood in Boston, GA', [-83.78989, 30.79186]],
    ['Landslide near Wokha, India', [94.26, 26.1]],
    ['Fire in Boston', [-71.05977, 42.35843]],
    ['Storm damage in Austin, Texas', [-97.74306, 30.26715]],
  ])('places "%s"', (text, [longitude, latitude]) => {
    const { output } = anywhere(text);
    const point = output.geo_location as { coordinates: number[] };
    expect(point.coordinates[0]).toBeCloseTo(longitude ?? 0, 1);
    expect(point.coordinates[1]).toBeCloseTo(latitude ?? 0, 1);
  });

  it.each(['Sale of the house', 'We hope Hope comes', 'Of course Police came', 'Mobile phones and Reading'])(
    'finds no town in the ordinary words of "%s"',
    (text) => expect(anywhere(text).output).not.toHaveProperty('geo_location'),
  );

  it('gives a country its middle with little confidence', () => {
    const { output, confidence } = anywhere('Heavy rain in Kenya');
    expect(output.location_text).toBe('Kenya');
    expect(output.geo_location).toEqual({ type: 'Point', coordinates: [37.9105, 0.7762] });
    expect(confidence).toBeLessThan(0.5);
  });

  it('gives a tenant with an area of its own no middle of a country', () => {
    expect(inBoston('Heavy rain in Kenya').output).not.toHaveProperty('geo_location');
  });

  it('moves the point by the distance and direction that the text gives', () => {
    const { output, spans, confidence } = anywhere('Landslide 20 km south of Wokha, India');
    const { coordinates } = output.geo_location as { coordinates: number[] };
    expect(coordinates[1]).toBeCloseTo(25.92, 1);
    expect(output.location_text).toBe('20 km south of Wokha, India');
    expect(spans.geo_location).toEqual([{ start: 10, end: 30 }]);
    expect(confidence).toBeGreaterThan(0.6);
  });

  it('puts what lies between two towns half way', () => {
    const { output } = anywhere('Rockfall between Manali and Keylong, India');
    const { coordinates } = output.geo_location as { coordinates: number[] };
    expect(coordinates[1]).toBeGreaterThan(32.3);
    expect(coordinates[1]).toBeLessThan(32.6);
  });

  it.each([
    'Senator Washington spoke of the Ebola virus',
    'We thank Denzel Washington for this',
    'Newcastle United won the Paris Festival',
    'ASKED ABOUT CONTROL OF PESTS IN RICE',
  ])('takes nothing in "%s" for a place', (text) =>
    expect(anywhere(text).output).not.toHaveProperty('geo_location'),
  );

  it.each([
    ['home of A. Miller, 12700 Riviera Dr, Seattle, WA', -122.33, 47.61],
    ['SK Bihai in Gua Musang', 101.97, 4.88],
    ['Sunrise Beach, Gig Harbor', -122.58, 47.33],
    ['Rocks down in Glenwood Canyon, Colorado', -107.23, 39.57],
    ['Village in Central Tapanuli regency', 98.6, 1.85],
    ['Kakani, Nuwakot District', 85.2, 27.92],
  ])('places "%s"', (text, longitude, latitude) => {
    const { coordinates } = anywhere(text).output.geo_location as { coordinates: [number, number] };
    expect(distanceKm(coordinates, [longitude, latitude])).toBeLessThan(20);
  });

  it('takes a misspelt state for the state, not for the country that is spelt like its last word', () => {
    expect(locateReport({ text: 'Revelstoke, British Colombia', places: [] }, sources).country).toBe('CA');
  });

  it('knows the likely country of a location whose names it does not know, and gives no point for it', () => {
    const unknown = locateReport({ text: 'Khandapurwadi', places: [] }, sources);
    expect(unknown).toMatchObject({ country: 'IN' });
    expect(unknown).not.toHaveProperty('point');
    expect(locateReport({ text: 'Wollabong', places: [] }, sources).country).toBe('AU');
    expect(locateReport({ text: 'Qzx', places: [] }, sources).country).toBe('');
  });

  it('takes two letters for a state of the United States before one elsewhere', () => {
    const text = 'Old Clemson Highway was closed near Highway 123, SC';
    expect(locateReport({ text, places: [] }, sources).country).toBe('US');
  });

  it('takes a direction for no region of another country', () => {
    expect(anywhere('Vedetar, Western Region').output).not.toHaveProperty('geo_location');
  });

  it('says of a street in a state only that it is somewhere there', () => {
    expect(anywhere('Slide on Spring Street, Idaho').confidence).toBeLessThanOrEqual(0.3);
  });

  it('does not place a name in another state than the one that follows it', () => {
    expect(anywhere('home north of Brownsville, Montana').output.location_text).not.toContain('Brownsville');
  });
});

describe('the answer', () => {
  it('says honestly that nothing was found', () => {
    expect(inBoston('The light is out')).toMatchObject({
      output: { confidence: 0.15 },
      spans: {},
      references: [],
    });
  });

  it('is the same for the same text', () => {
    const text = 'Corner of Centre St and Hewlett St, Roslindale';
    expect(inBoston(text)).toEqual(inBoston(text));
  });
});
