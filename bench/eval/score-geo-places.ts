// Scores short descriptions of locations (sets geo_landslide) and reports of storm spotters (geo_nws): the geo agent reads the text as it
// reads any report, and its point is measured against the gold one. What has no point counts as wrong.
import type { Position } from '../../services/agents/core/gazetteer.ts';
import { locateReport, type ReportLocation } from '../../services/agents/core/geo/report-location.ts';
import { loadGazetteer } from '../../services/agents/store/gazetteer.ts';
import { errorKm, goldPoint, numberField, shareWithin, textField } from './geo-rows.ts';
import type { Metric, Row } from './scorer.ts';

const hitKm = 25;
const spotterHitKm = 5;
const regionKm = 161;

/** Scores descriptions: a hit is within 25 km or within the row's own uncertainty. */
export async function scoreDescriptions(rows: readonly Row[]): Promise<readonly Metric[]> {
  const found = locateAll(rows.map((row) => textField(row, 'text')));
  const errors = errorsOf(rows, found);
  const bounds = rows.map((row) => Math.max(hitKm, numberField(row, 'accuracy_km')));
  const countries = rows.filter((row, at) => found[at]?.country === textField(row, 'country_code')).length;
  return [
    { metric: 'acc_25km', value: shareWithin(errors, (at) => bounds[at] ?? hitKm), n: rows.length },
    { metric: 'acc_161km', value: shareWithin(errors, regionKm), n: rows.length },
    { metric: 'country', value: countries / rows.length, n: rows.length },
    answered(errors),
  ];
}

/** Scores spotters' reports: the location with the county and the state that the report carries. */
export async function scoreSpotters(rows: readonly Row[]): Promise<readonly Metric[]> {
  const errors = errorsOf(rows, locateAll(rows.map(spotterText)));
  return [{ metric: 'acc_5km', value: shareWithin(errors, spotterHitKm), n: rows.length }, answered(errors)];
}

function spotterText(row: Row): string {
  return `${textField(row, 'location_text')}, ${textField(row, 'county')} County, ${textField(row, 'state')}`;
}

function locateAll(texts: readonly string[]): ReportLocation[] {
  const gazetteer = loadGazetteer();
  return texts.map((text) => locateReport({ text, places: [] }, { gazetteer }));
}

function errorsOf(rows: readonly Row[], found: readonly ReportLocation[]): number[] {
  return rows.map((row, at) => errorKm(found[at]?.point as Position | undefined, goldPoint(row)));
}

function answered(errors: readonly number[]): Metric {
  const count = errors.filter((error) => error !== Number.POSITIVE_INFINITY).length;
  return { metric: 'answered', value: count / errors.length, n: errors.length };
}
