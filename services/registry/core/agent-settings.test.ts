// Run settings of agents as documents.
import { describe, expect, it } from '@jest/globals';
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { readAgentSettings, settingsDocument } from './agent-settings.ts';

function read(document: JsonObject) {
  const problems: Violation[] = [];
  const settings = readAgentSettings(document, problems);
  return { settings, told: problems.map(({ field, reason }) => `${field}: ${reason}`) };
}

describe('settings of an agent', () => {
  const sound: readonly JsonObject[] = [
    {},
    {
      runtime: 'model',
      model: 'm',
      on_uncertain: 'retry',
      temperature: 0,
      max_output_tokens: 1,
      images: true,
    },
    { temperature: 2, max_output_tokens: 65_536, cache_ttl_s: 0, max_retries: 0, attempt_timeout_s: 1 },
    { cache_ttl_s: 2_592_000, max_retries: 10, attempt_timeout_s: 86_400, total_timeout_s: 86_400 },
    { runtime: 'worker', required_capabilities: ['ocr', 'gpu'], input_keys: ['text'] },
    { runtime: 'worker' },
    { input_keys: Array.from({ length: 20 }, (_, at) => `key_${at}`) },
  ];
  it.each(sound)('are read and written back: %j', (document) => {
    const { settings, told } = read(document);
    expect(told).toEqual([]);
    expect(settingsDocument(settings)).toEqual(document);
  });

  it('leave out what says the same as its absence, so that what is shown can be saved again without a change', () => {
    expect(read({ images: false, input_keys: [], runtime: 'worker', required_capabilities: [] })).toEqual({
      settings: { runtime: 'worker' },
      told: [],
    });
  });

  it('leave out what is null or unknown', () => {
    expect(read({ runtime: null, model: null, surprise: 1 })).toEqual({ settings: {}, told: [] });
    expect(read({ runtime: 'model', required_capabilities: [] }).told).toEqual([]);
  });

  const whole = (max: number, min = 1) => `must be a whole number from ${min} to ${max}`;
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{ runtime: 'remote' }, 'runtime: must be one of builtin, model, worker'],
    [{ runtime: 'builtin' }, 'runtime: builtin is for agents of the platform; must be model or worker'],
    [{ model: '' }, 'model: must not be blank'],
    [{ on_uncertain: 'ask' }, 'on_uncertain: must be one of retry, fail'],
    [{ temperature: -0.1 }, 'temperature: must be a number from 0 to 2'],
    [{ temperature: 2.01 }, 'temperature: must be a number from 0 to 2'],
    [{ temperature: '1' }, 'temperature: must be a number'],
    [{ max_output_tokens: 0 }, `max_output_tokens: ${whole(65_536)}`],
    [{ max_output_tokens: 1.5 }, `max_output_tokens: ${whole(65_536)}`],
    [{ images: 'yes' }, 'images: must be true or false'],
    [{ input_keys: ['a', 'a'] }, 'input_keys[1]: repeats input_keys[0]'],
    [{ input_keys: Array(21).fill('x') }, 'input_keys: must have at most 20 items'],
    [{ cache_ttl_s: -1 }, `cache_ttl_s: ${whole(2_592_000, 0)}`],
    [{ max_retries: 11 }, `max_retries: ${whole(10, 0)}`],
    [{ attempt_timeout_s: 0 }, `attempt_timeout_s: ${whole(86_400)}`],
    [{ attempt_timeout_s: 86_401 }, `attempt_timeout_s: ${whole(86_400)}`],
    [
      { attempt_timeout_s: 2, total_timeout_s: 1 },
      'attempt_timeout_s: must not be longer than total_timeout_s',
    ],
    [{ total_timeout_s: 86_401 }, `total_timeout_s: ${whole(86_400)}`],
    [
      { runtime: 'model', required_capabilities: ['ocr'] },
      'required_capabilities: is only for the runtime worker: set settings.runtime to worker',
    ],
  ];
  it.each(refused)('may not be %j', (document, expected) => {
    expect(read(document).told).toEqual([`settings.${expected}`]);
  });
});
