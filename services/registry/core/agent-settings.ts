// The run settings of an agent as a document (SPEC S6.6): read from what a caller wrote, and written for versions to be compared.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument } from '../../../foundation/json/document.ts';
import { type JsonObject, withoutAbsent } from '../../../foundation/json/json.ts';
import type { AgentSettings } from './agent.ts';

const names = { itemsMax: 20, length: { min: 1, max: 100 } };

/** Ceilings; the seconds are of one attempt, of a task over all attempts, and of a stored success. */
export const settingsMax = {
  maxOutputTokens: 65_536,
  maxRetries: 10,
  attemptTimeoutS: 86_400,
  totalTimeoutS: 86_400,
  cacheTtlS: 2_592_000,
} as const;

/**
 * The settings in a document; every problem is added with its path. Fields that it does not know are ignored, and what says the same as
 * its absence, such as an empty list, is absent.
 */
export function readAgentSettings(document: JsonObject, problems: Violation[]): AgentSettings {
  const reader = readDocument(document, problems, 'settings');
  const settings = {
    runtime: readRuntime(reader),
    model: reader.text('model', { min: 1, max: 200 }),
    onUncertain: reader.oneOf('on_uncertain', ['retry', 'fail'] as const),
    temperature: reader.number('temperature', { min: 0, max: 2 }),
    maxOutputTokens: reader.integer('max_output_tokens', { min: 1, max: settingsMax.maxOutputTokens }),
    images: reader.flag('images'),
    inputKeys: reader.texts('input_keys', names),
    cacheTtlS: reader.integer('cache_ttl_s', { min: 0, max: settingsMax.cacheTtlS }),
    maxRetries: reader.integer('max_retries', { min: 0, max: settingsMax.maxRetries }),
    attemptTimeoutS: reader.integer('attempt_timeout_s', { min: 1, max: settingsMax.attemptTimeoutS }),
    totalTimeoutS: reader.integer('total_timeout_s', { min: 1, max: settingsMax.totalTimeoutS }),
    requiredCapabilities: reader.texts('required_capabilities', names),
  };
  if (settings.requiredCapabilities?.length && settings.runtime !== 'worker') {
    reader.refuse('required_capabilities', 'is only for the runtime worker: set settings.runtime to worker');
  }
  const { attemptTimeoutS = 0, totalTimeoutS = attemptTimeoutS } = settings;
  if (attemptTimeoutS > totalTimeoutS) {
    reader.refuse('attempt_timeout_s', 'must not be longer than total_timeout_s');
  }
  return withoutAbsent({
    ...settings,
    images: settings.images || undefined,
    inputKeys: unlessEmpty(settings.inputKeys),
    requiredCapabilities: unlessEmpty(settings.requiredCapabilities),
  });
}

/** An empty list says what no list says, and messages cannot tell them apart. */
function unlessEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length ? list : undefined;
}

/** Code of the platform runs the platform's agents alone. */
function readRuntime(reader: DocumentReader): AgentSettings['runtime'] {
  const runtime = reader.oneOf('runtime', ['builtin', 'model', 'worker'] as const);
  if (runtime !== 'builtin') return runtime;
  reader.refuse('runtime', 'builtin is for agents of the platform; must be model or worker');
  return undefined;
}

/** The document of settings; what is absent there is absent here. */
export function settingsDocument(settings: AgentSettings): JsonObject {
  return withoutAbsent({
    runtime: settings.runtime,
    model: settings.model,
    on_uncertain: settings.onUncertain,
    temperature: settings.temperature,
    max_output_tokens: settings.maxOutputTokens,
    images: settings.images,
    input_keys: settings.inputKeys && [...settings.inputKeys],
    cache_ttl_s: settings.cacheTtlS,
    max_retries: settings.maxRetries,
    attempt_timeout_s: settings.attemptTimeoutS,
    total_timeout_s: settings.totalTimeoutS,
    required_capabilities: settings.requiredCapabilities && [...settings.requiredCapabilities],
  });
}
