// Calls that a model makes of tools which it was not offered: they are made by nobody, and told as refused. The model is told by the SDK,
// which knows no such tool.
import type { Invocation, RuntimeNotice } from '../../core/invocation.ts';
import { providerToolNames } from '../../core/model/tool-names.ts';
import { recordedJson } from '../../core/recorded-json.ts';
import type { JsonObject } from '../../core/skill.ts';
import type { ModelAnswer } from './language-model.ts';

/** Longest name of a tool that is told, in characters: a model may name anything. */
const nameLengthMax = 100;

/** For whom the model answered. */
export interface RefusedCallsOptions {
  /** Names of the offered tools as the model knows them. */
  readonly offered: ReadonlySet<string>;
  /** Names on the agent's list, offered or not. */
  readonly listed: Invocation['tools'];
  readonly tell: (notice: RuntimeNotice) => void;
}

/** Tells of each call in the answer that nobody makes, with the code `permission_denied`. */
export function tellRefusedCalls(
  { content }: ModelAnswer,
  { offered, listed, tell }: RefusedCallsOptions,
): void {
  const known = providerToolNames(listed);
  for (const part of content) {
    if (part.type !== 'tool-call' || offered.has(part.toolName)) continue;
    const at = known.indexOf(part.toolName);
    const toolName = listed[at] ?? part.toolName.slice(0, nameLengthMax).toWellFormed();
    // The leash counts the calls that are made; these have no number.
    const call = {
      toolName,
      number: 0,
      arguments: {},
      given: recordedJson(argumentsIn(part.input)),
      durationMs: 0,
    };
    tell({ kind: 'tool_call', call: { ...call, errorCode: 'permission_denied' } });
  }
}

/** What a model gave is a text that it may have got wrong. */
function argumentsIn(text: string): JsonObject {
  try {
    const given: unknown = JSON.parse(text);
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    return isObject ? (given as JsonObject) : {};
  } catch {
    return {};
  }
}
