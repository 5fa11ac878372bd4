// Which model an agent runs on, and how its tools are called there.
import { describe, expect, it } from '@jest/globals';
import { chooseModel } from './model-choice.ts';
import type { ModelSettings, ProviderSettings } from './model-settings.ts';
import { providerToolNames } from './tool-names.ts';

const local: ProviderSettings = {
  ...{ name: 'local', kind: 'openai-compatible', baseUrl: 'http://localhost/v1', model: 'small' },
  ...{ structuredOutput: 'schema', images: true },
};
const claude: ProviderSettings = { ...local, name: 'anthropic', kind: 'anthropic', model: 'claude' };
const settings: ModelSettings = {
  ...{ provider: 'local', providers: [local, claude], prices: {} },
  ...{ callTimeoutMs: 1_000, callsMax: 10 },
};

describe('the model of an agent', () => {
  it.each([
    ['', 'local', 'small'],
    ['large', 'local', 'large'],
    ['anthropic/claude-x', 'anthropic', 'claude-x'],
    ['anthropic/', 'anthropic', 'claude'],
    ['meta/llama-3', 'local', 'meta/llama-3'],
  ])('%j is of provider %s: %s', (asked, provider, model) => {
    expect(chooseModel(asked, settings)).toMatchObject({
      kind: 'model',
      provider: { name: provider },
      model,
    });
  });

  it('is rules where the deployment chose those, unless the agent names a provider that there is', () => {
    const offline = { ...settings, provider: 'offline' };
    expect(chooseModel('', offline)).toEqual({ kind: 'offline' });
    expect(chooseModel('gpt-9', offline)).toEqual({ kind: 'offline' });
    expect(chooseModel('anthropic/claude-x', offline)).toMatchObject({ kind: 'model', model: 'claude-x' });
  });

  it('is none, with what to set, where nothing is configured', () => {
    const none = chooseModel('', { ...settings, provider: 'none', providers: [] });
    expect(none).toMatchObject({ kind: 'none', message: expect.stringContaining('MODEL_PROVIDER') });
    const { model: _, ...nameless } = local;
    const unnamed = chooseModel('', { ...settings, providers: [nameless] });
    expect(unnamed).toMatchObject({ kind: 'none', message: expect.stringContaining('MODEL_NAME') });
  });
});

describe('names of tools for providers', () => {
  it('hold nothing that a provider refuses, and differ', () => {
    const long = 'x'.repeat(80);
    const names = providerToolNames(['web_search', 'crm.find', 'crm_find', long, `${long}y`]);
    expect(names.slice(0, 3)).toEqual(['web_search', 'crm_find', 'crm_find_2']);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
  });
});
