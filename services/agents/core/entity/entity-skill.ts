// The skill that says who and what: entities, feeling, key phrases and the kind of complaint. It writes no `category`; that takes a
// model that the domain names.

import type { TenantPlace } from '../geo/mention.ts';
import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { bareSpan } from '../text/span.ts';
import { type ComplaintFinding, judgeComplaint } from './complaint-type.ts';
import { findKeyPhrases } from './key-phrases.ts';
import { type Entity, findEntities } from './named-entities.ts';
import type { RecognizeNames } from './recognizer/name-recognizer.ts';
import { judgeSentiment, type SentimentFinding } from './sentiment.ts';
import { tagText } from './tagger.ts';

/** What the skill reads. */
export interface EntityInput {
  readonly text: string;
  /** The tenant's places, which count as places; empty when it has listed none. */
  readonly places: readonly TenantPlace[];
  readonly recognizeNames: RecognizeNames;
}

/**
 * Reads the text. Output keys, all always present: entities (objects {text, type}; type person, organization, place or thing),
 * sentiment, key_phrases (at most eight), complaint_type. The spans of entities and key_phrases are in the order of the values.
 */
export function describe(input: EntityInput): SkillAnswer {
  const { text } = input;
  const sentences = tagText(text);
  const entities = findEntities({ ...input, sentences });
  const phrases = findKeyPhrases(text, sentences);
  const sentiment = judgeSentiment(text);
  const complaint = judgeComplaint(text);
  const output: JsonObject = {
    entities: entities.map((entity) => ({ text: entity.text, type: entity.type })),
    sentiment: sentiment.sentiment,
    key_phrases: phrases.map(({ phrase }) => phrase),
    complaint_type: complaint.type,
  };
  const spans: Record<string, readonly Span[]> = {
    entities: entities.map(bareSpan),
    sentiment: sentiment.spans,
    key_phrases: phrases.map(bareSpan),
    complaint_type: complaint.spans,
  };
  return {
    output,
    reasoning: reasonOf(text, entities, sentiment, complaint),
    confidence: confidenceOf((complaint.confidence * 2 + sentiment.confidence) / 3),
    spans: Object.fromEntries(Object.entries(spans).filter(([, places]) => places.length > 0)),
    references: [],
  };
}

const wordsShownMax = 4;

function reasonOf(
  text: string,
  entities: readonly Entity[],
  sentiment: SentimentFinding,
  complaint: ComplaintFinding,
): string {
  const kind =
    complaint.spans.length === 0
      ? 'No word speaks clearly for one kind of complaint, so it is "other".'
      : `It is counted as ${complaint.type} because of ${quoted(text, complaint.spans)}.`;
  const mood =
    sentiment.spans.length === 0
      ? 'No word carries a feeling.'
      : `The feeling is ${sentiment.sentiment} by ${quoted(text, sentiment.spans)}.`;
  return `${kind} ${mood} ${entities.length} entities are named.`;
}

function quoted(text: string, spans: readonly Span[]): string {
  const words = [...new Set(spans.map(({ start, end }) => text.slice(start, end).toLowerCase()))];
  return words
    .slice(0, wordsShownMax)
    .map((word) => `"${word}"`)
    .join(', ');
}
