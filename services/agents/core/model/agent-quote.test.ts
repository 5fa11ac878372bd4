// What calls of agents would be made with.
import { describe, expect, it } from '@jest/globals';
import { type QuotedAgent, quoteAgent } from './agent-quote.ts';
import type { ModelSettings, ProviderSettings } from './model-settings.ts';

const agent: QuotedAgent = {
  ...{ agentName: 'Triage', runtime: 'model', systemPrompt: 'You triage.', model: '', maxOutputTokens: 500 },
  outputSchema: { kind: { type: 'string' } },
};
const provider: ProviderSettings = {
  ...{ name: 'local', kind: 'openai-compatible', model: 'small', structuredOutput: 'text', images: false },
};
const price = { version: '1', currency: 'USD', inputPerMillion: '3', outputPerMillion: '15' };
const settings: ModelSettings = {
  ...{ provider: 'local', providers: [provider], callTimeoutMs: 1_000, callsMax: 10 },
  prices: { 'local/small': price },
};

describe('the quote of an agent', () => {
  it('on a model names it, its price, its limit, and how long the instructions are', () => {
    const quote = quoteAgent(agent, settings);
    expect(quote).toMatchObject({ runtime: 'model', provider: 'local', model: 'small', price });
    expect(quote).toMatchObject({ outputTokensMax: 500, instructionTokens: expect.any(Number) });
    const longer = quoteAgent({ ...agent, systemPrompt: 'x'.repeat(4_011) }, settings);
    const tokensOf = (of: typeof quote) => ('instructionTokens' in of ? of.instructionTokens : 0);
    expect(tokensOf(longer) - tokensOf(quote)).toBe(1_000);
    const schema = quoteAgent(agent, {
      ...settings,
      providers: [{ ...provider, structuredOutput: 'schema' }],
    });
    expect(tokensOf(schema)).toBeGreaterThan(tokensOf(quote));
  });

  it('has no price where none is configured for the model', () => {
    expect(quoteAgent({ ...agent, model: 'other' }, settings)).toMatchObject({ model: 'other' });
    expect(quoteAgent({ ...agent, model: 'other' }, settings)).not.toHaveProperty('price');
  });

  it('says what runs it where that is no model, and why where nothing does', () => {
    for (const runtime of ['builtin', 'worker'] as const) {
      expect(quoteAgent({ ...agent, runtime }, settings)).toEqual({ runtime });
    }
    const none = { ...settings, provider: 'none', providers: [] };
    expect(quoteAgent(agent, none)).toEqual({
      runtime: 'none',
      problem: expect.stringContaining('MODEL_PROVIDER'),
    });
    expect(quoteAgent(agent, { ...none, provider: 'offline' })).toEqual({ runtime: 'offline' });
  });
});
