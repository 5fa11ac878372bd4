// The skill that says where: it takes the most exact place that the text names and gives a point only where one is known.

import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { bareSpan } from '../text/span.ts';
import type { Mention } from './mention.ts';
import type { GeoInput, GeoSources } from './mention-finder.ts';
import { locateReport, type PointRelation, type ReportLocation } from './report-location.ts';

/** A location that names a place. */
type Located = ReportLocation & { readonly main: Mention };

/** What the skill reads and looks names up in. */
export type { GeoInput, GeoSources } from './mention-finder.ts';

const confidenceOfKind: Readonly<Record<Mention['kind'], number>> = {
  address: 0.65,
  intersection: 0.65,
  block: 0.6,
  landmark: 0.5,
  street: 0.45,
  tenant_place: 0.85,
  town: 0.75,
  region: 0.4,
  country: 0.35,
  home_area: 0.35,
};
const confidenceWithPlace = 0.1;
const confidenceUnsure = -0.15;
const confidenceNothing = 0.15;
/** What a doubtful reading of a name costs at most. */
const confidenceDoubt = 0.3;
const confidenceBetween = -0.1;
/** Of a street of which only the state or country is known, or a whole road: the point is that of all of it. */
const confidenceSomewhereMax = 0.3;
const adjacentCodeUnits = 6;
const nearCodeUnits = 80;

/** Finds where the report is about. Output keys: location_text, geo_location (Point), address, confidence; only those that are known. */
export function locate(input: GeoInput, sources: GeoSources): SkillAnswer {
  const location = locateReport(input, sources);
  const { main } = location;
  return main === undefined ? nowhere() : answerOf(input, { ...location, main });
}

function answerOf(input: GeoInput, location: Located): SkillAnswer {
  const { main, around, point, pointFrom } = location;
  const whole = wholeSpan(input.text, location);
  const confidence = certaintyOf(location);
  const address = addressOf(location);
  const output: Record<string, JsonObject[string]> = {
    location_text: input.text.slice(whole.start, whole.end),
  };
  const spans: Record<string, readonly Span[]> = { location_text: [whole] };
  if (point !== undefined && pointFrom !== undefined) {
    output.geo_location = { type: 'Point', coordinates: [...point] };
    spans.geo_location = [{ start: location.offset?.start ?? pointFrom.start, end: pointFrom.end }];
  }
  if (address !== undefined) {
    output.address = address;
    spans.address = [bareSpan(main), ...(around === undefined ? [] : [bareSpan(around)])];
  }
  output.confidence = confidence;
  return { output, reasoning: reasonOf(location), confidence, spans, references: [] };
}

/** The main place with the words that place it ("5 km south of") and an area that directly follows it: "1468 Centre St, Roslindale". */
function wholeSpan(text: string, { main, around, offset, pointFrom }: Located): Span {
  const start = offset !== undefined && pointFrom === main ? offset.start : main.start;
  if (around === undefined || around.start < main.end) return { start, end: main.end };
  const between = text.slice(main.end, around.start);
  const adjacent = between.length <= adjacentCodeUnits && /^(?:\s*[,.]?\s*|\s+in\s+)$/.test(between);
  return { start, end: adjacent ? around.end : main.end };
}

function certaintyOf({ main, around, pointFrom, relation }: Located): number {
  const gap = around === undefined ? 0 : Math.max(around.start - main.end, main.start - around.end);
  const bonus = gap <= nearCodeUnits ? confidenceWithPlace : 0;
  const withPlace = main.point === undefined && around?.point !== undefined ? bonus : 0;
  const doubt = pointFrom?.place === undefined ? 0 : (1 - (pointFrom.certainty ?? 1)) * -confidenceDoubt;
  const sure = main.sure ? 0 : confidenceUnsure;
  const between = relation === 'between' ? confidenceBetween : 0;
  const confidence = confidenceOf(confidenceOfKind[main.kind] + withPlace + sure + doubt + between);
  const somewhere = relation === 'along' || (relation === 'inside' && pointFrom !== main);
  return somewhere ? Math.min(confidence, confidenceSomewhereMax) : confidence;
}

function addressOf({ main, around }: Located): string | undefined {
  if (!['address', 'intersection', 'block'].includes(main.kind)) return undefined;
  return around === undefined ? main.label : `${main.label}, ${around.label}`;
}

function reasonOf({ main, around, pointFrom, relation }: Located): string {
  const kind = kindLabel(main);
  const found = `The text names the ${kind} "${main.label}"${main.sure ? '' : ', judged from the words around it'}.`;
  if (pointFrom === undefined || relation === undefined) {
    return `${found} No listed place or known town is named with it, so no point is given.`;
  }
  const coarse = pointFrom === main ? '' : `, which only says roughly where the ${kind} is`;
  const also = around === undefined || around === pointFrom ? '' : ` It is near "${around.label}".`;
  return `${found} The point is ${relationLabels[relation]} ${sourceLabel(pointFrom)}${coarse}.${also}`;
}

const relationLabels: Readonly<Record<PointRelation, string>> = {
  at: 'that of',
  offset: 'at the distance and in the direction that the text gives from',
  between: 'half way from the place named with it to',
  inside: 'only the middle of',
  along: 'half way along',
};

function sourceLabel(source: Mention): string {
  if (source.place !== undefined) return `the ${kindLabel(source)} ${placeLabel(source)} in the gazetteer`;
  if (source.kind === 'street') return `the road "${source.label}" as it runs through the towns on it`;
  return `${source.kind === 'home_area' ? 'the home area' : "the tenant's place"} "${source.label}"`;
}

function kindLabel({ kind, place }: Mention): string {
  if (place === undefined) return kind.replace('_', ' ');
  return place.kind === 'locality' ? 'village or quarter' : place.kind;
}

function placeLabel({ place, label }: Mention): string {
  if (place === undefined) return label;
  const where = [place.admin1, place.country].filter((code) => code !== '').join(' ');
  const people = place.population > 0 ? `, population ${place.population}` : '';
  return where === '' || place.kind === 'country' ? place.name : `${place.name} (${where}${people})`;
}

function nowhere(): SkillAnswer {
  return {
    output: { confidence: confidenceNothing },
    reasoning: 'The text names no street, corner, landmark, listed place or known town.',
    confidence: confidenceNothing,
    spans: {},
    references: [],
  };
}
