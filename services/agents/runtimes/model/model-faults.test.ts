// Providers that fail, in every way that a wire allows: what is tried again, how the attempt ends, and that the ledger holds exactly the
// calls that were made.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { startModelServer } from '../../../../local/model-server/model-server.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { goodAnswer, type ModelStage, openModelStage, type StageOptions } from './model-stage.for-test.ts';

const open: ModelStage[] = [];
async function start(options: StageOptions = {}): Promise<ModelStage> {
  const stage = await openModelStage(options);
  open.push(stage);
  return stage;
}
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

const good = { kind: 'answer', text: goodAnswer } as const;
const soon = { 'retry-after-ms': '0' };

function status(code: number, headers: Readonly<Record<string, string>> = soon) {
  return { kind: 'status', status: code, headers } as const;
}

function failureOf({ end }: Awaited<ReturnType<ModelStage['run']>>) {
  return 'failure' in end ? end.failure : undefined;
}

/** What the ledger says of calls that were sent, beside what the server says. */
function bothCounts({ ledger, server }: ModelStage) {
  const entries = ledger.filter(({ end }) => end !== 'not_sent');
  return {
    ledger: entries.map(({ use }) => [use?.input, use?.output]),
    server: server.calls.map(({ tokens }) => [tokens.input, tokens.output]),
  };
}

describe.each(['openai', 'anthropic'] as const)('a provider of format %s', (format) => {
  it.each([429, 500, 503, 529])('that answers %i is asked again', async (code) => {
    const stage = await start({ format });
    stage.server.meet(status(code), good);
    expect((await stage.run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    const { ledger, server } = bothCounts(stage);
    expect(ledger).toEqual(server);
    expect(stage.ledger.map(({ end }) => end)).toEqual(['failed', 'succeeded']);
    expect(stage.ledger.map(({ call }) => call.number)).toEqual([1, 2]);
  });

  it('that breaks off in the middle is asked again, and what was lost is guessed', async () => {
    const stage = await start({ format });
    stage.server.meet({ kind: 'cut', text: '{"output": {"kind": "fi' }, good);
    expect((await stage.run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    const [cut, whole] = stage.ledger;
    expect(cut).toMatchObject({ end: 'failed', use: { cachedInput: 0, estimated: true } });
    expect(cut?.use?.input).toBeGreaterThan(0);
    expect(cut?.use?.output).toBeGreaterThan(0);
    const { input, output } = stage.server.calls[1]?.tokens ?? {};
    expect(whole).toMatchObject({ end: 'succeeded', use: { input, output, estimated: false } });
  });

  it('that says nothing in time ends the attempt as model_timeout, and its connection is left', async () => {
    const stage = await start({ format, settings: { callTimeoutMs: 100 } });
    stage.server.meet({ kind: 'hang' });
    expect(failureOf(await stage.run())).toMatchObject({
      code: 'model_timeout',
      message: expect.stringContaining('MODEL_TIMEOUT_S'),
    });
    expect(await stage.server.calls[0]?.gone).toBe('left');
    expect(stage.ledger).toMatchObject([{ end: 'failed' }]);
  });

  it('is left at once when the attempt is ended, in the middle of its words', async () => {
    const stage = await start({ format });
    const ending = new AbortController();
    stage.server.meet({
      ...{ kind: 'paced', pieces: ['{"output"', ': {}}'] },
      turn: async (at) => {
        if (at === 0) return;
        ending.abort(new Fault('cancelled', 'The attempt was cancelled'));
        await stage.server.calls[0]?.gone;
      },
    });
    expect(failureOf(await stage.run({}, { signal: ending.signal }))).toMatchObject({ code: 'cancelled' });
    expect(await stage.server.calls[0]?.gone).toBe('left');
    expect(stage.ledger).toMatchObject([{ end: 'failed' }]);
  });

  it('costs nothing when the attempt is ended after the reservation and before anything is sent', async () => {
    const ending = new AbortController();
    const budget = () => {
      ending.abort(new Fault('cancelled', 'The attempt was cancelled'));
      return [];
    };
    const stage = await start({ format, budget });
    stage.server.meet(good);
    expect(failureOf(await stage.run({}, { signal: ending.signal }))).toMatchObject({ code: 'cancelled' });
    expect(stage.ledger).toMatchObject([{ end: 'not_sent', use: { input: 0, output: 0 } }]);
    expect(stage.server.calls).toEqual([]);
  });

  it.each([
    [401, 'API key'],
    [404, 'name of the model'],
  ])('that refuses with %i is not asked again', async (code, remedy) => {
    const stage = await start({ format });
    stage.server.meet(status(code));
    const failure = failureOf(await stage.run());
    expect(failure).toMatchObject({ code: 'model_unavailable', message: expect.stringContaining(remedy) });
    expect(stage.server.calls).toHaveLength(1);
    const { ledger, server } = bothCounts(stage);
    expect(ledger).toEqual(server);
  });

  it('that redirects is not followed, and its API key goes nowhere', async () => {
    const other = await startModelServer();
    other.meet({ kind: 'answer', text: goodAnswer });
    const stage = await start({ format });
    const elsewhere =
      format === 'openai' ? `${other.openAiUrl}/chat/completions` : `${other.anthropicUrl}/messages`;
    stage.server.meet(status(307, { location: elsewhere }));
    const failure = failureOf(await stage.run());
    await other.close();
    expect(failure).toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('MODEL_BASE_URL'),
    });
    expect(other.calls).toEqual([]);
  });

  it('that tells no usage is counted by a guess', async () => {
    const stage = await start({ format });
    if (format === 'anthropic') return; // always tells
    stage.server.meet({ ...good, told: 'no usage' });
    await stage.run();
    expect(stage.ledger[0]?.use?.input).toBeGreaterThan(100);
    expect(stage.ledger[0]?.use?.output).toBeGreaterThan(10);
    expect(stage.ledger[0]?.use?.estimated).toBe(true);
    const [chat] = stage.spans.getFinishedSpans();
    expect(chat?.attributes).toMatchObject({ 'domainflow.usage.estimated': true });
  });
});

describe('a provider', () => {
  it('is asked three times more and then the attempt fails as model_error', async () => {
    const stage = await start();
    stage.server.meet(status(503));
    expect(failureOf(await stage.run())).toMatchObject({ code: 'model_error' });
    expect(stage.server.calls).toHaveLength(4);
    expect(stage.ledger.map(({ end }) => end)).toEqual(Array(4).fill('failed'));
  });

  it('that asks for a longer wait than the attempt has is not waited for; the wait is handed on', async () => {
    const stage = await start();
    stage.server.meet(status(429, { 'retry-after': '120' }));
    expect(failureOf(await stage.run())).toMatchObject({ code: 'model_error', retryAfterMs: 120_000 });
    expect(stage.server.calls).toHaveLength(1);
  });

  it('that nobody answers for costs nothing', async () => {
    const gone = await startModelServer();
    await gone.close();
    const stage = await start({ provider: { baseUrl: gone.openAiUrl } });
    expect(failureOf(await stage.run())).toMatchObject({
      code: 'model_error',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(stage.ledger.map(({ end }) => end)).toEqual(Array(4).fill('not_sent'));
  });

  it('that fails five times in a row is left alone, and then nothing is written into the ledger', async () => {
    const stage = await start();
    stage.server.meet(status(503));
    await stage.run();
    const failure = failureOf(await stage.run());
    expect(failure).toMatchObject({ code: 'dependency_unavailable', retryAfterMs: expect.any(Number) });
    expect(stage.server.calls).toHaveLength(5);
    expect(stage.ledger).toHaveLength(5);
  });

  it('is not blamed for refusing what it was asked', async () => {
    const stage = await start({ provider: { structuredOutput: 'text' } });
    stage.server.meet(...Array.from({ length: 6 }, () => status(400)), good);
    for (let runs = 0; runs < 6; runs += 1) await stage.run();
    expect((await stage.run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
  });
});

describe('the ledger', () => {
  it('is told of a call before it is made, with its price and its greatest size', async () => {
    const price = { version: '1', currency: 'USD', inputPerMillion: '3', outputPerMillion: '15' };
    const callsThen: number[] = [];
    const stage = await start({
      settings: { prices: { 'local/small': price } },
      budget: () => {
        callsThen.push(stage.server.calls.length);
        return ['The budget of the domain is nearly used up'];
      },
    });
    stage.server.meet(good);
    const { told } = await stage.run({ domainId: 'civic', maxOutputTokens: 77 });
    expect(callsThen).toEqual([0]);
    expect(stage.ledger[0]?.call).toMatchObject({
      ...{ agentId: 'agent-1', agentVersion: 1, domainId: 'civic', provider: 'local', model: 'small', price },
      ...{ key: { jobId: 'job_1', taskId: 'task_1', attempt: 1 }, number: 1, outputTokensMax: 77 },
    });
    expect(stage.ledger[0]?.call.inputTokensEstimate).toBeGreaterThan(100);
    expect(told).toContainEqual({ kind: 'progress', message: 'The budget of the domain is nearly used up' });
  });

  it('that does not allow a call ends the attempt before anything is sent', async () => {
    const failure = { code: 'budget_exceeded', message: 'The hard budget of the domain is used up' };
    const stage = await start({
      budget: ({ number }) => {
        if (number > 1) throw new AttemptFailed(failure);
        return [];
      },
    });
    stage.server.meet({ kind: 'answer', text: 'no JSON' }, good);
    expect(failureOf(await stage.run())).toEqual(failure);
    expect(stage.server.calls).toHaveLength(1);
  });

  it('that cannot be reached lets no call through', async () => {
    const stage = await start({
      budget: () => {
        throw new Fault('unavailable', 'The registry is away');
      },
    });
    expect(failureOf(await stage.run())).toMatchObject({ code: 'dependency_unavailable' });
    expect(stage.server.calls).toEqual([]);
  });

  it('holds exactly the calls that the server served, repairs and tools included', async () => {
    const run = async () => 'found';
    const tool = { name: 'look', description: 'Looks', parameters: { type: 'object' }, run };
    const stage = await start({ tools: [tool] });
    const asks = { kind: 'tools', calls: [{ name: 'look', arguments: {} }] } as const;
    stage.server.meet(status(503), asks, status(429), { kind: 'answer', text: 'no JSON' }, good);
    expect((await stage.run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    const { ledger, server } = bothCounts(stage);
    expect(ledger).toEqual(server);
    expect(ledger).toHaveLength(5);
  });
});
