// The skill that says where: it takes the most exact place that the text names and gives a point only where one is known.

import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { bareSpan } from '../text/span.ts';
import { type Mention, mentionKinds } from './mention.ts';
import { findMentions, type GeoInput, type GeoSources } from './mention-finder.ts';

/** What the skill reads and looks names up in. */
export type { GeoInput, GeoSources } from './mention-finder.ts';

/** The main place of a text, the place around it, and whose point is given. */
interface Located {
  readonly main: Mention;
  /** The neighbourhood or town that the text names beside the main place; absent when there is none. */
  readonly around: Mention | undefined;
}

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
const adjacentCodeUnits = 6;
const nearCodeUnits = 80;

/** Finds where the report is about. Output keys: location_text, geo_location (Point), address, confidence; only those that are known. */
export function locate(input: GeoInput, sources: GeoSources): SkillAnswer {
  const mentions = findMentions(input, sources);
  const located = chooseMain(mentions);
  if (located === undefined) return nowhere();
  return answerOf(input, located);
}

/** The most exact mention, sure ones before guesses, the first of equals; and the area named nearest to it. */
function chooseMain(mentions: readonly Mention[]): Located | undefined {
  const rank = (mention: Mention): number => mentionKinds.indexOf(mention.kind) + (mention.sure ? 0 : 2);
  const [main] = [...mentions].sort((a, b) => rank(a) - rank(b) || a.start - b.start);
  if (main === undefined) return undefined;
  const gap = (area: Mention): number => Math.max(area.start - main.end, main.start - area.end);
  const areas = mentions.filter(
    (mention) => mention !== main && ['tenant_place', 'town'].includes(mention.kind),
  );
  const [around] = areas.sort((a, b) => areaRank(a) - areaRank(b) || gap(a) - gap(b));
  return { main, around };
}

/** Areas with a point before those without, listed places before towns. */
function areaRank(area: Mention): number {
  return (area.point === undefined ? 2 : 0) + (area.kind === 'tenant_place' ? 0 : 1);
}

function answerOf(input: GeoInput, located: Located): SkillAnswer {
  const { main, around } = located;
  const pointFrom = main.point === undefined ? around : main;
  const whole = wholeSpan(input.text, located);
  const confidence = certaintyOf(located);
  const address = addressOf(located);
  const output: Record<string, JsonObject[string]> = {
    location_text: input.text.slice(whole.start, whole.end),
  };
  const spans: Record<string, readonly Span[]> = { location_text: [whole] };
  if (pointFrom?.point !== undefined) {
    output.geo_location = { type: 'Point', coordinates: [...pointFrom.point] };
    spans.geo_location = [bareSpan(pointFrom)];
  }
  if (address !== undefined) {
    output.address = address;
    spans.address = [bareSpan(main), ...(around === undefined ? [] : [bareSpan(around)])];
  }
  output.confidence = confidence;
  return { output, reasoning: reasonOf(located, pointFrom), confidence, spans, references: [] };
}

/** The main place together with an area that directly follows it: "1468 Centre St, Roslindale". */
function wholeSpan(text: string, { main, around }: Located): Span {
  if (around === undefined || around.start < main.end) return bareSpan(main);
  const between = text.slice(main.end, around.start);
  const adjacent = between.length <= adjacentCodeUnits && /^(?:\s*[,.]?\s*|\s+in\s+)$/.test(between);
  return adjacent ? { start: main.start, end: around.end } : bareSpan(main);
}

function certaintyOf({ main, around }: Located): number {
  const gap = around === undefined ? 0 : Math.max(around.start - main.end, main.start - around.end);
  const bonus = gap <= nearCodeUnits ? confidenceWithPlace : 0;
  const withPlace = main.point === undefined && around?.point !== undefined ? bonus : 0;
  return confidenceOf(confidenceOfKind[main.kind] + withPlace + (main.sure ? 0 : confidenceUnsure));
}

function addressOf({ main, around }: Located): string | undefined {
  if (!['address', 'intersection', 'block'].includes(main.kind)) return undefined;
  return around === undefined ? main.label : `${main.label}, ${around.label}`;
}

function reasonOf({ main, around }: Located, pointFrom: Mention | undefined): string {
  const kind = main.kind.replace('_', ' ');
  const found = `The text names the ${kind} "${main.label}"${main.sure ? '' : ', judged from the words around it'}.`;
  if (pointFrom?.point === undefined) {
    return `${found} No listed place or known town is named with it, so no point is given.`;
  }
  const source =
    pointFrom.kind === 'town'
      ? `the town ${townLabel(pointFrom)} in the gazetteer`
      : `${pointFrom.kind === 'home_area' ? 'the home area' : "the tenant's place"} "${pointFrom.label}"`;
  const coarse = pointFrom === main ? '' : `, which only says roughly where the ${kind} is`;
  const also = around === undefined || around === pointFrom ? '' : ` It is near "${around.label}".`;
  return `${found} The point is that of ${source}${coarse}.${also}`;
}

function townLabel({ place, label }: Mention): string {
  return place === undefined
    ? label
    : `${place.name} (${place.admin1} ${place.country}, population ${place.population})`;
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
