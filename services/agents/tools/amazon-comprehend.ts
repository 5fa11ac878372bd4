// Entities, sentiment and key phrases of a text by Amazon Comprehend, in the form in which the platform's own rules answer them. It knows
// nothing of the tenant, and the platform's own skills never ask it.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { keyPhrasesMax } from '../core/entity/key-phrases.ts';
import { type EntityType, entitiesMax } from '../core/entity/named-entities.ts';
import type { JsonObject, Span } from '../core/skill.ts';
import { ToolFailed } from './agent-tool.ts';
import { awsUnreadable } from './aws-fault.ts';
import { type AskAws, type AwsServiceDeps, awsClientSettings, createAwsAsking } from './aws-service.ts';

/** What can be found in a text. */
export type ComprehendOperation = 'entities' | 'sentiment' | 'key_phrases';

/** A text to read. */
export interface TextToRead {
  readonly text: string;
  readonly operation: ComprehendOperation;
  /** Code of one that the service reads, such as `en` or `zh-TW`; undefined to have it found out by the text. */
  readonly language: string | undefined;
  /** Ends the reading, which then throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** The service, with connections. */
export interface AmazonComprehend {
  /**
   * What is found, under the name of the operation, and where: entities (objects {text, type}) and key phrases in text order, each at its
   * first place only, or the sentiment, which has no places. Fault `invalid_argument` for a text that is too long; ToolFailed when it is in
   * no language that the service reads, or the service cannot be asked or answers nothing that can be read.
   */
  read(asked: TextToRead): Promise<JsonObject>;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** The languages that the service reads. */
const comprehendLanguages: readonly LanguageCode[] = [
  ...(['en', 'es', 'fr', 'de', 'it', 'pt', 'ar', 'hi', 'ja', 'ko', 'zh', 'zh-TW'] as const),
];

/** The longest text that the service takes, in bytes of UTF-8. */
const comprehendBytesMax: Readonly<Record<ComprehendOperation, number>> = {
  ...{ entities: 100_000, key_phrases: 100_000, sentiment: 5_000 },
};

const names = {
  ...{ toolName: 'comprehend', service: 'Amazon Comprehend' },
  chosenBy: 'COMPREHEND_BACKEND=amazon-comprehend',
  ...{ region: 'COMPREHEND_REGION', endpoint: 'COMPREHEND_ENDPOINT' },
};
/** Dates and quantities name nobody and nothing; what it calls OTHER are numbers and addresses of people. */
const typeOfKind: ReadonlyMap<string | undefined, EntityType> = new Map([
  ['PERSON', 'person'],
  ['ORGANIZATION', 'organization'],
  ['LOCATION', 'place'],
  ['COMMERCIAL_ITEM', 'thing'],
  ['EVENT', 'thing'],
  ['TITLE', 'thing'],
]);
const sentiments = ['positive', 'negative', 'neutral', 'mixed'];

type LanguageCode = import('@aws-sdk/client-comprehend').LanguageCode;
type Clients = Awaited<ReturnType<typeof openClient>>;

/** Opens the service. Its package is loaded with the first text. */
export function createAmazonComprehend(deps: AwsServiceDeps): AmazonComprehend {
  const beginAsking = createAwsAsking(names, deps);
  let opened: ReturnType<typeof openClient> | undefined;
  return {
    read: async ({ text: given, operation, language, signal }) => {
      const text = given.toWellFormed();
      requireShort(text, operation);
      if (text.trim() === '') return answerOf(operation, operation === 'sentiment' ? 'neutral' : []);
      opened ??= openClient(deps);
      const reach = { clients: await opened, ask: beginAsking(signal) };
      const code = await languageOf(text, language, reach);
      return readers[operation]({ Text: text, LanguageCode: code }, reach);
    },
    close: async () => (await opened)?.client.destroy(),
  };
}

/** Loaded only here: most deployments read texts by the platform's own rules. */
async function openClient({ settings }: AwsServiceDeps) {
  const { ComprehendClient, ...sdk } = await import('@aws-sdk/client-comprehend');
  return { client: new ComprehendClient(awsClientSettings(settings)), sdk };
}

function requireShort(text: string, operation: ComprehendOperation): void {
  const most = comprehendBytesMax[operation];
  if (Buffer.byteLength(text) <= most) return;
  const reason = `must have at most ${most} bytes of UTF-8 for ${operation}`;
  throw invalidArgument([{ field: 'text', reason }]);
}

interface Reach {
  readonly clients: Clients;
  readonly ask: AskAws;
}

async function languageOf(
  text: string,
  given: string | undefined,
  { clients: { client, sdk }, ask }: Reach,
): Promise<LanguageCode> {
  // Arguments have been checked against their schema, which lists the same languages.
  if (given !== undefined) return given as LanguageCode;
  const command = new sdk.DetectDominantLanguageCommand({ Text: text });
  const answer = await ask('comprehend:DetectDominantLanguage', (options) => client.send(command, options));
  const [first] = listOf(answer.Languages).toSorted((a, b) => (b.Score ?? 0) - (a.Score ?? 0));
  const found = comprehendLanguages.find((one) => one === first?.LanguageCode);
  if (found) return found;
  const said = 'finds none of the languages that it reads in the text';
  const remedy = 'give the argument language if it is written in one of them';
  throw new ToolFailed(`${names.service} (${names.chosenBy}) ${said}: ${remedy}`, { isTransient: false });
}

interface Document {
  readonly Text: string;
  readonly LanguageCode: LanguageCode;
}

const readers: Readonly<Record<ComprehendOperation, (text: Document, reach: Reach) => Promise<JsonObject>>> =
  {
    entities: async (input, { clients: { client, sdk }, ask }) => {
      const command = new sdk.DetectEntitiesCommand(input);
      const answer = await ask('comprehend:DetectEntities', (options) => client.send(command, options));
      const found = placedIn(input.Text, listOf(answer.Entities)).flatMap(
        ({ found: { Type: kind }, ...place }) => {
          const type = typeOfKind.get(kind);
          return type ? [{ ...place, type }] : [];
        },
      );
      const entities = once(found, ({ text, type }) => `${type} ${text}`).slice(0, entitiesMax);
      return answerOf(
        'entities',
        entities.map(({ text, type }) => ({ text, type })),
        entities,
      );
    },
    key_phrases: async (input, { clients: { client, sdk }, ask }) => {
      const command = new sdk.DetectKeyPhrasesCommand(input);
      const answer = await ask('comprehend:DetectKeyPhrases', (options) => client.send(command, options));
      const phrases = once(placedIn(input.Text, listOf(answer.KeyPhrases)), ({ text }) => text)
        .sort((a, b) => (b.found.Score ?? 0) - (a.found.Score ?? 0))
        .slice(0, keyPhrasesMax)
        .sort((a, b) => a.start - b.start);
      return answerOf(
        'key_phrases',
        phrases.map(({ text }) => text),
        phrases,
      );
    },
    sentiment: async (input, { clients: { client, sdk }, ask }) => {
      const command = new sdk.DetectSentimentCommand(input);
      const answer = await ask('comprehend:DetectSentiment', (options) => client.send(command, options));
      const sentiment = sentiments.find((one) => one.toUpperCase() === answer.Sentiment);
      if (sentiment === undefined) throw awsUnreadable(names);
      return answerOf('sentiment', sentiment);
    },
  };

function answerOf(
  operation: ComprehendOperation,
  found: JsonObject[string],
  spans: readonly Span[] = [],
): JsonObject {
  const places = spans.map(({ start, end }) => ({ start, end }));
  return { [operation]: found, spans: places, rules: 'amazon-comprehend' };
}

interface Found {
  readonly Score?: number | undefined;
  readonly BeginOffset?: number | undefined;
  readonly EndOffset?: number | undefined;
}

interface Placed<T> extends Span {
  readonly text: string;
  readonly found: T;
}

/** What was found with its place, in text order; what has no place in the text is passed over. The service counts code points. */
function placedIn<T extends Found>(text: string, found: readonly T[]): Placed<T>[] {
  const unitsAt = [0];
  for (const character of text) unitsAt.push((unitsAt.at(-1) ?? 0) + character.length);
  return found
    .flatMap((one) => {
      const start = unitsAt[one.BeginOffset ?? -1];
      const end = unitsAt[one.EndOffset ?? -1];
      const isPlaced = start !== undefined && end !== undefined && start < end;
      return isPlaced ? [{ start, end, text: text.slice(start, end), found: one }] : [];
    })
    .sort((a, b) => a.start - b.start);
}

/** Each at its first place only, whatever its case. */
function once<T>(found: readonly T[], nameOf: (one: T) => string): T[] {
  const byName = Map.groupBy(found, (one) => nameOf(one).toLowerCase());
  return [...byName.values()].flatMap((same) => same.slice(0, 1));
}

function listOf<T>(found: readonly T[] | undefined): readonly T[] {
  if (!Array.isArray(found)) throw awsUnreadable(names);
  return found.filter((one) => typeof one === 'object' && one !== null);
}
