// comprehend with Amazon Comprehend behind it, as an agent calls it: the service's requests and answers on the wire, and everything that can
// go wrong.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonValue } from '../../foundation/json/json.ts';
import { type AwsBehaviour, type AwsServer, startAwsServer } from './aws-server.for-test.ts';
import { type OpenForTest, startToolStage, type ToolStage } from './tool-stage.for-test.ts';

// The SDK waits for real before it asks again.
jest.setTimeout(30_000);

let server: AwsServer;
let stage: ToolStage;
beforeAll(async () => {
  server = await startAwsServer();
  stage = await startToolStage({ comprehend: { region: 'us-east-2', endpoint: server.url } });
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

const opened = async (on = stage): Promise<OpenForTest> =>
  (await on.tenantWith([], ['comprehend'])).open(['comprehend']);
const answer = (body: JsonValue): AwsBehaviour => ({ kind: 'answer', body });
const target = (operation: string) => `Comprehend_20171127.${operation}`;
const english = answer({
  Languages: [
    { LanguageCode: 'nl', Score: 0.01 },
    { LanguageCode: 'en', Score: 0.98 },
  ],
});

/** Two letters of this text are no single UTF-16 unit; the service counts each as one. */
const text = '🚧🚧 Ada Pike of Acme told Boston on Monday that ADA PIKE fell at 617-555-0100. 🚧 Acme again.';

/** Something found, with its place as the service counts it. */
function found(part: string, fields: { readonly [name: string]: JsonValue }, nth = 0) {
  const at = [...text.matchAll(new RegExp(part, 'g'))][nth]?.index ?? -1;
  const BeginOffset = [...text.slice(0, at)].length;
  return { Text: part, BeginOffset, EndOffset: BeginOffset + [...part].length, Score: 0.9, ...fields };
}

const spanOf = (part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length });

describe('a text', () => {
  it('is asked about by signed JSON 1.1 in its own language, and its entities are told as the rules tell them', async () => {
    const entities = [
      found('Boston', { Type: 'LOCATION' }),
      found('Ada Pike', { Type: 'PERSON' }),
      found('Acme', { Type: 'ORGANIZATION' }, 1),
      found('Acme', { Type: 'ORGANIZATION' }),
      found('Monday', { Type: 'DATE' }),
      found('617-555-0100', { Type: 'OTHER' }),
      found('ADA PIKE', { Type: 'PERSON' }),
      { ...found('fell', { Type: 'EVENT' }), EndOffset: 1_000 },
    ];
    server.meet(english, answer({ Entities: entities }));
    const before = server.seen.length;
    expect(await (await opened()).call('comprehend', { text, operation: 'entities' })).toEqual({
      entities: [
        { text: 'Ada Pike', type: 'person' },
        { text: 'Acme', type: 'organization' },
        { text: 'Boston', type: 'place' },
      ],
      spans: [spanOf('Ada Pike'), spanOf('Acme'), spanOf('Boston')],
      rules: 'amazon-comprehend',
    });
    expect(server.seen.slice(before)).toMatchObject([
      { operation: target('DetectDominantLanguage'), body: { Text: text } },
      { operation: target('DetectEntities'), body: { Text: text, LanguageCode: 'en' } },
    ]);
    expect(server.seen.at(-1)?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/us-east-2\/comprehend\/aws4_request,/),
    });
  });

  it('is not searched for its language where that is given', async () => {
    server.meet(answer({ Sentiment: 'MIXED', SentimentScore: { Mixed: 0.9 } }));
    const before = server.seen.length;
    const given = { text: 'Gut, aber auch schlecht', operation: 'sentiment', language: 'de' };
    expect(await (await opened()).call('comprehend', given)).toEqual({
      ...{ sentiment: 'mixed', spans: [], rules: 'amazon-comprehend' },
    });
    expect(server.seen.slice(before)).toMatchObject([
      { operation: target('DetectSentiment'), body: { LanguageCode: 'de' } },
    ]);
  });

  it('has its ten surest key phrases, in the order of the text', async () => {
    const words = 'road pole lamp wire sign tree pipe ramp wall gate drain fence'.split(' ');
    const list = [...words, 'ROAD'].join(' ');
    const phrases = [...words, 'ROAD'].map((Text, at) => {
      const BeginOffset = list.indexOf(Text);
      const Score = Text === 'pole' || Text === 'gate' ? 0.1 : 0.9 - at / 100;
      return { Text, BeginOffset, EndOffset: BeginOffset + Text.length, Score };
    });
    server.meet(answer({ KeyPhrases: phrases.toReversed() }));
    const told = words.filter((word) => word !== 'pole' && word !== 'gate');
    const given = { text: list, operation: 'key_phrases', language: 'en' };
    expect(await (await opened()).call('comprehend', given)).toEqual({
      key_phrases: told,
      spans: told.map((word) => ({ start: list.indexOf(word), end: list.indexOf(word) + word.length })),
      rules: 'amazon-comprehend',
    });
  });

  it('of nothing but space is not asked about', async () => {
    const before = server.seen.length;
    const box = await opened();
    const read = (operation: string) => box.call('comprehend', { text: ' ', operation });
    const rest = { spans: [], rules: 'amazon-comprehend' };
    expect(await read('entities')).toEqual({ entities: [], ...rest });
    expect(await read('key_phrases')).toEqual({ key_phrases: [], ...rest });
    expect(await read('sentiment')).toEqual({ sentiment: 'neutral', ...rest });
    expect(server.seen).toHaveLength(before);
  });

  it.each([
    ['entities', 100_000, { Entities: [] }],
    ['key_phrases', 100_000, { KeyPhrases: [] }],
    ['sentiment', 5_000, { Sentiment: 'NEUTRAL' }],
  ])('may be as long for %s as the service takes: %i bytes', async (operation, bytes, body) => {
    server.meet(answer(body));
    const box = await opened();
    const before = server.seen.length;
    const long = { text: 'é'.repeat(bytes / 2), operation, language: 'fr' };
    expect(await box.call('comprehend', long)).toHaveProperty(operation);
    await expect(box.call('comprehend', { ...long, text: `${long.text}x` })).rejects.toMatchObject({
      ...{ reason: 'invalid_argument', violations: [{ field: 'text' }] },
    });
    expect(server.seen).toHaveLength(before + 1);
  });
});

describe('a service that gives no answer', () => {
  const secret = 'Umbrage Row';
  const given = { text: `A hole in ${secret}`, operation: 'entities', language: 'en' };
  const error = (name: string, status = 400): AwsBehaviour => ({ kind: 'error', status, name });

  it('is asked again by the SDK while that may help', async () => {
    const busy = [
      error('ThrottlingException'),
      error('InternalServerException', 500),
      error('TooManyRequestsException'),
    ];
    server.meet(...busy, answer({ Entities: [] }));
    const before = server.seen.length;
    expect(await (await opened()).call('comprehend', given)).toMatchObject({ entities: [] });
    expect(server.seen.length - before).toBe(4);
  });

  it.each<[string, AwsBehaviour, RegExp]>([
    ['for being asked too often', error('ThrottlingException'), /more often than it allows/],
    ['for a fault of its own', error('InternalServerException', 500), /answered 500: .*COMPREHEND_REGION/],
    ['for want of rights', error('AccessDeniedException'), /allow comprehend:DetectEntities to/],
    ['for a bad signature', error('InvalidSignatureException'), /does not accept the AWS identity/],
    ['for the request', error('InvalidRequestException'), /does not take .*400 InvalidRequestException/],
    ['for want of JSON', { kind: 'text', status: 200, text: secret }, /cannot be read/],
    ['for another JSON', answer({ Entities: secret }), /cannot be read/],
    ['for an empty JSON', answer({}), /cannot be read/],
  ])('%s is a tool error that names the setting, and nothing of the text', async (_name, behaviour, said) => {
    server.meet(behaviour);
    const box = await opened();
    const failed: Error & { failure?: unknown } = await box.call('comprehend', given).then(
      () => new Error('It answered'),
      (reason) => reason,
    );
    expect(failed).toMatchObject({ failure: { code: 'tool_error' }, cause: undefined });
    expect(failed.message).toMatch(said);
    expect(failed.message).toContain('COMPREHEND_BACKEND=amazon-comprehend');
    expect(failed.message).not.toContain(secret);
    expect(box.told.at(-1)).toMatchObject({ call: { errorCode: 'tool_error' } });
  });

  it.each<[string, JsonValue]>([
    ['none', []],
    ['one that it does not read', [{ LanguageCode: 'nl', Score: 1 }]],
  ])('says what to do where it finds no language but %s', async (_name, languages) => {
    server.meet(answer({ Languages: languages }));
    const { language: _, ...unnamed } = given;
    const call = (await opened()).call('comprehend', unnamed);
    await expect(call).rejects.toMatchObject({ failure: { code: 'tool_error' } });
    await expect(call).rejects.toThrow(/none of the languages .*argument language/);
  });

  it('since it knows no such feeling is a tool error', async () => {
    server.meet(answer({ Sentiment: 'AMUSED' }));
    const call = (await opened()).call('comprehend', { ...given, operation: 'sentiment' });
    await expect(call).rejects.toThrow(/cannot be read/);
  });

  it('in time is given up, whichever of its requests hangs', async () => {
    const hanging = await startToolStage({
      ...{ comprehend: { region: 'us-east-2', endpoint: server.url }, awsMs: 500 },
    });
    try {
      server.meet(english, { kind: 'hang' });
      const { language: _, ...unnamed } = given;
      const call = (await opened(hanging)).call('comprehend', unnamed);
      await expect(call).rejects.toThrow(/did not answer within 0\.5 s: .*COMPREHEND_ENDPOINT/);
    } finally {
      await hanging.close();
    }
  });
});
