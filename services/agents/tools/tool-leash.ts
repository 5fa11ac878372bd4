// The leash of every tool: a call is made only if the agent lists the tool, was granted it, and the run may make calls of its effect. Each
// call is a span, and is told to whoever watches the run: what it was given, what came of it and how long it took.
import type { Tracer } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import {
  Attribute,
  GenAiOperation,
  type GenAiToolType,
  spanName,
} from '../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import type { ToolCallNotice } from '../core/invocation.ts';
import { failureOf } from '../core/invocation-failure.ts';
import { recordedJson } from '../core/recorded-json.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { allowanceUsedUp, type ToolCallAllowance, usualAllowance } from '../core/tool-call-allowance.ts';
import { mayCall, type ToolEffect } from '../core/tool-effect.ts';

/** Refused calls that are told; what an attempt asks for beyond that is refused unheard. */
export const refusalsToldMax = 60;

// Whatever else is called lies outside: the web, and the tools of tenants.
const typeOfTool: Readonly<Record<string, GenAiToolType>> = {
  retrieval_api: 'datastore',
  aggregation_api: 'datastore',
  analytics_api: 'datastore',
  spatial_api: 'datastore',
  vector_search: 'datastore',
  location_service: 'function',
  comprehend: 'function',
};

/** What the leash needs to know of an invocation. */
export interface LeashOptions {
  readonly tracer: Tracer;
  /** Names on the agent's list. */
  readonly tools: readonly string[];
  /** Names of what it was granted. */
  readonly granted: ReadonlySet<string>;
  /** Class of the run. */
  readonly capability: string;
  /** How many calls may be made [`usualAllowance`]. */
  readonly allowance?: ToolCallAllowance;
  readonly tell: (notice: ToolCallNotice) => void;
}

/** One call of a tool. */
export interface ToolCall<T> {
  readonly toolName: string;
  readonly effect: ToolEffect;
  readonly arguments: JsonObject;
  readonly run: () => Promise<T>;
}

/** Makes calls of tools for one invocation. */
export type ToolLeash = <T>(call: ToolCall<T>) => Promise<T>;

/** A leash for one invocation. A call throws Fault `permission_denied` for a call that is not allowed, `resource_exhausted` for one too many. */
export function createToolLeash(options: LeashOptions): ToolLeash {
  const { tracer, allowance = usualAllowance } = options;
  const tell = createTelling(options.tell);
  let calls = 0;
  return async (call) => {
    const { toolName } = call;
    const refusal = refusalOf(options, call) ?? (calls < allowance.left ? undefined : usedUp(allowance));
    if (refusal) {
      tell.refused(call, failureOf(refusal).code);
      throw refusal;
    }
    calls += 1;
    const ended = tell.begins(call);
    const attributes = {
      [Attribute.genAiOperation]: GenAiOperation.executeTool,
      [Attribute.genAiToolName]: toolName,
      [Attribute.genAiToolType]: typeOfTool[toolName] ?? 'extension',
    };
    try {
      const result = await inSpan(tracer, spanName.executeTool(toolName), { attributes }, call.run);
      ended({ result });
      return result;
    } catch (error) {
      ended({ errorCode: failureOf(error).code });
      throw error;
    }
  };
}

function refusalOf(
  { tools, granted, capability }: LeashOptions,
  { toolName, effect }: Pick<ToolCall<unknown>, 'toolName' | 'effect'>,
): Fault | undefined {
  if (!tools.includes(toolName) || !mayCall(capability, effect)) {
    return new Fault('permission_denied', `The agent may not call the tool ${toolName} in this run`);
  }
  if (granted.has(toolName)) return undefined;
  return new Fault(
    'permission_denied',
    `The agent may not call the tool ${toolName}: it was not granted to it`,
  );
}

function usedUp(allowance: ToolCallAllowance): Fault {
  return new Fault('resource_exhausted', allowanceUsedUp(allowance));
}

type Told = Pick<ToolCall<unknown>, 'toolName' | 'arguments'>;
type CallEnd = { readonly result: unknown } | { readonly errorCode: string };

function createTelling(tell: LeashOptions['tell']) {
  let number = 0;
  let refusals = 0;
  const next = (): number => {
    number += 1;
    return number;
  };
  const endOf = (call: Told, end: CallEnd) => ({
    ...{ toolName: call.toolName, arguments: {}, given: recordedJson(call.arguments) },
    errorCode: 'errorCode' in end ? end.errorCode : '',
    // What a call answers is JSON by its kind: messages of the mesh or what was parsed.
    ...('result' in end ? { answered: recordedJson(end.result as JsonValue | undefined) } : {}),
  });
  return {
    refused: (call: Told, errorCode: string): void => {
      refusals += 1;
      if (refusals <= refusalsToldMax) tell({ ...endOf(call, { errorCode }), number: next(), durationMs: 0 });
    },
    begins: (call: Told): ((end: CallEnd) => void) => {
      const own = next();
      const startedMs = performance.now();
      tell({ toolName: call.toolName, number: own, arguments: call.arguments, errorCode: '' });
      return (end) => tell({ ...endOf(call, end), number: own, durationMs: performance.now() - startedMs });
    },
  };
}
