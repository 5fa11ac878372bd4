// Agents on a model, over the real formats of providers: what is asked, what becomes of each kind of answer, and what watchers are told.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RuntimeNotice } from '../../core/invocation.ts';
import {
  goodAnswer,
  type ModelStage,
  openModelStage,
  type StageOptions,
  stageProvider,
} from './model-stage.for-test.ts';

const open: ModelStage[] = [];
async function start(options: StageOptions = {}): Promise<ModelStage> {
  const stage = await openModelStage(options);
  open.push(stage);
  return stage;
}
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

function answer(text: string | object) {
  return { kind: 'answer', text: typeof text === 'string' ? text : JSON.stringify(text) } as const;
}

function textTold(told: readonly RuntimeNotice[]): string {
  return told.map((notice) => (notice.kind === 'text' ? notice.text : '')).join('');
}

describe.each(['openai', 'anthropic'] as const)('an agent on a model of format %s', (format) => {
  it('answers what the model answered, under the name of the model', async () => {
    const { server, run } = await start({ format });
    server.meet(answer(goodAnswer));
    const { end } = await run({ input: { text: 'It drips' } });
    expect(end).toMatchObject({
      runtime: `${stageProvider}/small`,
      answer: { output: { kind: 'leak' }, reasoning: 'It drips', confidence: 0.9 },
    });
    const [call] = server.calls;
    expect(call?.key).toContain('key-of-the-stage');
    expect(call?.body).toMatchObject({ model: 'small', temperature: 0.1, max_tokens: 1_024, stream: true });
  });

  it('tells the text as the model writes it', async () => {
    const { server, run } = await start({ format });
    server.meet(answer(goodAnswer));
    const { told } = await run();
    expect(told.filter(({ kind }) => kind === 'text').length).toBeGreaterThan(1);
    expect(textTold(told)).toBe(goodAnswer);
  });

  it('has the model mend an answer, with everything that was wrong with it', async () => {
    const { server, run } = await start({ format });
    server.meet(answer({ output: { kind: 'flood' } }), answer('no JSON'), answer(goodAnswer));
    const { end } = await run();
    expect(end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    const asked = server.calls.map(({ body }) => JSON.stringify(body.messages));
    expect(asked).toHaveLength(3);
    expect(asked[1]).toContain('/kind must be equal to one of the allowed values');
    expect(asked[1]).toContain('flood');
    expect(asked[2]).toContain('it is not JSON');
  });

  it('fails as output_invalid after two repairs, and the text is in the failure alone', async () => {
    const { server, run, lines } = await start({ format });
    server.meet(answer('the reporter is Jane Roe'));
    const { end } = await run();
    const message = 'The answer of the model is not valid: it is not JSON';
    expect(end).toEqual({
      failure: { code: 'output_invalid', message, rawText: 'the reporter is Jane Roe' },
    });
    expect(server.calls).toHaveLength(3);
    expect(lines.join()).not.toContain('Jane');
  });

  it('is told that it wrote too much', async () => {
    const { server, run } = await start({ format });
    server.meet({ kind: 'answer', text: '{"output": {"ki', stop: 'length' }, answer(goodAnswer));
    expect((await run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    expect(JSON.stringify(server.calls[1]?.body.messages)).toContain('cut off after 1024 tokens');
  });

  it('fails as output_invalid when the model declines', async () => {
    const { server, run } = await start({ format });
    server.meet({ kind: 'refusal', text: 'I cannot help with that' });
    expect((await run()).end).toMatchObject({ failure: { code: 'output_invalid' } });
  });

  it('is asked with the schema of its whole answer', async () => {
    const { server, run } = await start({ format });
    server.meet(answer(goodAnswer));
    await run();
    const body = JSON.stringify({ ...server.calls[0]?.body, messages: [], system: [] });
    expect(body).toContain('"leak"');
    expect(body).toContain('"confidence"');
  });
});

describe('a model that takes no schema', () => {
  it('is asked without one, at once and from then on', async () => {
    const { server, run, ledger } = await start();
    server.meet({ kind: 'status', status: 400 }, answer(goodAnswer));
    expect((await run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    await run();
    expect(server.calls.map(({ body }) => 'response_format' in body)).toEqual([true, false, false]);
    expect(ledger.map(({ end }) => end)).toEqual(['failed', 'succeeded', 'succeeded']);
  });

  it.each([
    ['json', { type: 'json_object' }],
    ['text', undefined],
  ] as const)('is asked for %s where that is configured', async (structuredOutput, expected) => {
    const { server, run } = await start({ provider: { structuredOutput } });
    server.meet(answer(goodAnswer));
    await run();
    expect(server.calls[0]?.body.response_format).toEqual(expected);
  });
});

describe('an agent', () => {
  it('runs on the model that it names', async () => {
    const { server, run } = await start();
    server.meet(answer(goodAnswer));
    const { end } = await run({ model: 'local/large', temperature: 0.7, maxOutputTokens: 99 });
    expect(end).toMatchObject({ runtime: 'local/large' });
    expect(server.calls[0]?.body).toMatchObject({ model: 'large', temperature: 0.7, max_tokens: 99 });
  });

  it('names the places in the text that hold its words', async () => {
    const { server, run } = await start();
    server.meet(answer({ output: { kind: 'leak' }, spans: { kind: ['drips'] } }));
    const { end } = await run({ input: { text: 'It drips' } });
    expect(end).toMatchObject({ answer: { spans: { kind: [{ start: 3, end: 8 }] } } });
  });

  it('without an API key that can be read says which setting is wrong', async () => {
    const apiKey = { kind: 'file', path: '/nowhere/key', setting: 'MODEL_API_KEY_FILE' } as const;
    const { run, server } = await start({ provider: { apiKey } });
    const { end } = await run();
    expect(end).toMatchObject({
      failure: { code: 'model_unavailable', message: expect.stringContaining('MODEL_API_KEY_FILE') },
    });
    expect(server.calls).toEqual([]);
  });
});

describe('telemetry', () => {
  it('has a span for each call, with model and tokens, and no text anywhere', async () => {
    const { server, run, spans, lines } = await start();
    server.meet(answer('the reporter is Jane Roe'), answer(goodAnswer));
    await run({ systemPrompt: 'Find Jane Roe', input: { text: 'Jane Roe drips' } });
    const chats = spans.getFinishedSpans().filter(({ name }) => name === 'chat small');
    expect(chats.map(({ attributes }) => attributes)).toEqual(
      server.calls.map(({ tokens }) =>
        expect.objectContaining({
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'domainflow.model.provider': 'local',
          'gen_ai.output.type': 'json',
          'server.address': '127.0.0.1',
          'gen_ai.request.model': 'small',
          'gen_ai.usage.input_tokens': tokens.input,
          'gen_ai.usage.output_tokens': tokens.output,
          'domainflow.usage.estimated': false,
        }),
      ),
    );
    const seen = JSON.stringify(
      spans.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events]),
    );
    expect(seen + lines.join()).not.toContain('Jane');
  });
});
