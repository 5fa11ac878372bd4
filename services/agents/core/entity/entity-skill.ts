// The skill that says who and what: entities, feeling, key phrases, the kind of complaint, and the category where the domain names a
// model for it.

import { type CategoryFinding, type CategoryModel, judgeCategory } from '../category/category-model.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { bareSpan } from '../text/span.ts';
import { type ComplaintFinding, judgeComplaint } from './complaint-type.ts';
import { findKeyPhrases } from './key-phrases.ts';
import { type Entity, entitiesOf, findEntityMentions } from './named-entities.ts';
import type { RecognizeNames } from './recognizer/name-recognizer.ts';
import { judgeSentiment, type SentimentFinding } from './sentiment.ts';
import type { SentimentModel } from './sentiment-model.ts';
import { tagText } from './tagger.ts';

/** What the skill reads. */
export interface EntityInput {
  readonly text: string;
  /** The tenant's places, which count as places; empty when it has listed none. */
  readonly places: readonly TenantPlace[];
  /** Name of the category model that the domain has chosen; absent when it has chosen none. */
  readonly categoryModel?: string;
}

/** The trained models that it judges by. */
export interface EntityModels {
  readonly names: RecognizeNames;
  readonly sentiment: SentimentModel;
  /** By name. */
  readonly categories: ReadonlyMap<string, CategoryModel>;
}

/**
 * Reads the text. Output keys, all but the last always present: entities (objects {text, type}; type person, organization, place or
 * thing), sentiment, key_phrases (at most ten), complaint_type, and category, only for a model that is known. The spans of entities
 * and key_phrases are in the order of the values.
 */
export function describe(input: EntityInput, models: EntityModels): SkillAnswer {
  const { text } = input;
  const sentences = tagText(text);
  const mentions = findEntityMentions({
    ...{ text, sentences },
    ...{ places: input.places, recognizeNames: models.names },
  });
  const entities = entitiesOf(mentions);
  const phrases = findKeyPhrases({ text, sentences, names: mentions });
  const sentiment = judgeSentiment(text, models.sentiment);
  const complaint = judgeComplaint(text);
  const category = categoryOf(input, models);
  const output: JsonObject = {
    entities: entities.map((entity) => ({ text: entity.text, type: entity.type })),
    sentiment: sentiment.sentiment,
    key_phrases: phrases.map(({ phrase }) => phrase),
    complaint_type: complaint.type,
    ...(category && { category: category.label }),
  };
  const spans: Record<string, readonly Span[]> = {
    entities: entities.map(bareSpan),
    sentiment: sentiment.spans,
    key_phrases: phrases.map(bareSpan),
    complaint_type: complaint.spans,
    category: category?.spans ?? [],
  };
  return {
    output,
    reasoning: [reasonOf(text, entities, sentiment, complaint), ...categoryReason(input, category)].join(' '),
    confidence: confidenceOf(overall(complaint, sentiment, category)),
    spans: Object.fromEntries(Object.entries(spans).filter(([, places]) => places.length > 0)),
    references: [],
  };
}

const wordsShownMax = 4;

function categoryOf({ text, categoryModel }: EntityInput, { categories }: EntityModels) {
  const model = categoryModel === undefined ? undefined : categories.get(categoryModel);
  return model && judgeCategory(text, model);
}

/** The mean, what kind of report it is counting twice. */
function overall(
  complaint: ComplaintFinding,
  sentiment: SentimentFinding,
  category: CategoryFinding | undefined,
): number {
  const kinds = category === undefined ? [complaint] : [complaint, category];
  const sum = kinds.reduce((total, { confidence }) => total + 2 * confidence, sentiment.confidence);
  return sum / (2 * kinds.length + 1);
}

function categoryReason(
  { text, categoryModel }: EntityInput,
  category: CategoryFinding | undefined,
): readonly string[] {
  if (categoryModel === undefined) return [];
  if (category === undefined) return [`The category model "${categoryModel}" is not known here.`];
  const words = category.spans.length === 0 ? 'no word that it knows' : quoted(text, category.spans);
  return [`The category model "${categoryModel}" says ${category.label} by ${words}.`];
}

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
