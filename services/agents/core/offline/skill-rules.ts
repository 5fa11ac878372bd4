// Rules that hand on what the builtin skills read in the text, to keys whose names say that they want it.
import type { JsonObject, JsonValue, SkillAnswer, Span } from '../skill.ts';
import type { FoundValue, OfflineRule, WantedKey } from './found-value.ts';

const confidenceShare = 0.8;
const textLengthMax = 300;

const placeWords =
  /^(?:location|place|address|where|city|town|street|area|region|venue|site|district|geo|coordinates?|point)$/;
const timeWords = /^(?:date|time|timestamp|when|day|deadline|datetime|occurred|happened|due|start|started)$/;
const personWords = /^(?:person|people|persons|who|name|names|contact|reporter|victim|victims|individuals?)$/;
const groupWords =
  /^(?:organi[sz]ations?|company|companies|agency|agencies|department|departments|institutions?)$/;
const thingWords = /^(?:things?|assets?|objects?|items?|equipment|infrastructure)$/;
const phraseWords = /^(?:keywords?|tags?|topics?|phrases?|themes?|subjects?)$/;
const textWords = /^(?:summary|title|headline|description|subject|text|abstract|overview|issue|problem)$/;

/** A point or the words for a place. */
export const placeOf: OfflineRule = (wanted, { geo }) => {
  if (!isAbout(wanted, placeWords)) return undefined;
  if (allows(wanted, 'object')) {
    const point = handOn(geo, 'geo_location');
    if (point || !allows(wanted, 'string')) return point;
  }
  return allows(wanted, 'string') ? (handOn(geo, 'location_text') ?? handOn(geo, 'address')) : undefined;
};

/** A time that the text names. The time of the report is no answer: nothing was derived then. */
export const timeOfText: OfflineRule = (wanted, { time }) => {
  const { format } = wanted.schema;
  const isTime = format === 'date-time' || format === 'date' || isAbout(wanted, timeWords);
  const found = isTime && allows(wanted, 'string') ? handOn(time, 'timestamp') : undefined;
  if (!found || found.spans.length === 0) return undefined;
  const isDay = format === 'date' || (format === undefined && wanted.words.includes('date'));
  return isDay ? { ...found, value: String(found.value).slice(0, 10) } : found;
};

/** How urgent, what feeling, what kind: where the key's choices are those of the skill. */
export const judgement: OfflineRule = (wanted, { time, entity }) => {
  const choices = Array.isArray(wanted.schema.enum)
    ? (wanted.schema.enum as readonly JsonValue[])
    : undefined;
  const judged: [RegExp, FoundValue | undefined][] = [
    [/^(?:urgency|priority|severity)$/, handOn(time, 'urgency')],
    [/^(?:sentiment|mood|feeling|tone)$/, handOn(entity, 'sentiment')],
    [/^(?:type|kind|category|complaint)$/, handOn(entity, 'complaint_type')],
  ];
  const found = judged.find(([pattern]) => isAbout(wanted, pattern))?.[1];
  if (!found || !allows(wanted, 'string')) return undefined;
  // A key without choices takes any word, but a word of a list that nobody asked for would be made up.
  const isWanted = choices ? choices.includes(found.value) : !isAbout(wanted, /^(?:type|kind|category)$/);
  return isWanted ? found : undefined;
};

/** People, organisations and things that the text names. */
export const namedEntities: OfflineRule = (wanted, { entity }) => {
  const kinds: [RegExp, string][] = [
    [personWords, 'person'],
    [groupWords, 'organization'],
    [placeWords, 'place'],
    [thingWords, 'thing'],
  ];
  const type = kinds.find(([pattern]) => isAbout(wanted, pattern))?.[1];
  const all = entitiesOf(entity);
  const found = wanted.words.includes('entities') ? all : all.filter((one) => one.type === type);
  return asList(
    wanted,
    found.map(({ text, span }) => ({ text, span })),
  );
};

/** Phrases that say what the text is about. */
export const phrases: OfflineRule = (wanted, { entity }) => {
  if (!isAbout(wanted, phraseWords)) return undefined;
  const values = entity.output.key_phrases;
  const list: readonly JsonValue[] = Array.isArray(values) ? values : [];
  const spans = entity.spans.key_phrases ?? [];
  return asList(
    wanted,
    list.map((text, at) => ({ text: String(text), span: spans[at] })),
  );
};

/** The first sentence, for keys that want the text in short. */
export const firstSentence: OfflineRule = (wanted, { text }) => {
  if (!isAbout(wanted, textWords) || !allows(wanted, 'string')) return undefined;
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  const sentence = /^[\s\S]*?[.!?](?=\s|$)/.exec(text.slice(start))?.[0] ?? text.slice(start);
  const value = sentence.slice(0, textLengthMax).trimEnd();
  return { value, spans: [{ start, end: start + value.length }], confidence: 0.5 };
};

/** Whether a word of the key, or its description in the schema, is of this kind. */
function isAbout({ words }: WantedKey, pattern: RegExp): boolean {
  return words.some((word) => pattern.test(word));
}

function allows({ types }: WantedKey, type: string): boolean {
  return types.length === 0 || types.includes(type);
}

function handOn({ output, spans, confidence }: SkillAnswer, key: string): FoundValue | undefined {
  const value = output[key];
  if (value === undefined) return undefined;
  return { value, spans: spans[key] ?? [], confidence: confidence * confidenceShare };
}

interface Named {
  readonly text: string;
  readonly span: Span | undefined;
}

function entitiesOf({ output, spans }: SkillAnswer): (Named & { readonly type: string })[] {
  const places = spans.entities ?? [];
  const list: readonly JsonValue[] = Array.isArray(output.entities) ? output.entities : [];
  return list.map((one, at) => {
    const { text, type } = one as JsonObject;
    return { text: String(text), type: String(type), span: places[at] };
  });
}

/** The names as a list, or the first of them where the key wants a text; undefined where nothing is named. */
function asList(wanted: WantedKey, named: readonly Named[]): FoundValue | undefined {
  const [first] = named;
  if (!first) return undefined;
  const kept = allows(wanted, 'array') ? named : [first];
  const spans = kept.flatMap(({ span }) => (span ? [span] : []));
  const value = allows(wanted, 'array') ? named.map(({ text }) => text) : first.text;
  return { value, spans, confidence: 0.5 };
}
