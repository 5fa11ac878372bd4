// The leash of every tool: a call is made only if the agent lists the tool, was granted it, and the run may make calls of its effect. Each
// call is a span and is told to whoever watches the run.
import type { Tracer } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import { Attribute, GenAiOperation, spanName } from '../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import type { ToolCallNotice } from '../core/invocation.ts';
import { failureOf } from '../core/invocation-failure.ts';
import type { JsonObject } from '../core/skill.ts';
import { mayCall, type ToolEffect } from '../core/tool-effect.ts';

/** Calls that one task may make. */
export const toolCallsMax = 20;

/** What the leash needs to know of an invocation. */
export interface LeashOptions {
  readonly tracer: Tracer;
  /** Names on the agent's list. */
  readonly tools: readonly string[];
  /** Names of what it was granted. */
  readonly granted: ReadonlySet<string>;
  /** Class of the run. */
  readonly capability: string;
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
export function createToolLeash({ tracer, tools, granted, capability, tell }: LeashOptions): ToolLeash {
  let calls = 0;
  const refusalOf = ({ toolName, effect }: { readonly toolName: string; readonly effect: ToolEffect }) => {
    if (!tools.includes(toolName) || !mayCall(capability, effect)) {
      return new Fault('permission_denied', `The agent may not call the tool ${toolName} in this run`);
    }
    if (!granted.has(toolName)) {
      return new Fault(
        'permission_denied',
        `The agent may not call the tool ${toolName}: it was not granted to it`,
      );
    }
    if (calls < toolCallsMax) return undefined;
    return new Fault('resource_exhausted', `A task may call tools ${toolCallsMax} times`);
  };
  return async (call) => {
    const { toolName, arguments: given } = call;
    const refusal = refusalOf(call);
    if (refusal) {
      tell({ toolName, arguments: given, durationMs: 0, errorCode: failureOf(refusal).code });
      throw refusal;
    }
    calls += 1;
    const startedMs = performance.now();
    const end = (errorCode: string) =>
      tell({ toolName, arguments: given, durationMs: performance.now() - startedMs, errorCode });
    tell({ toolName, arguments: given, errorCode: '' });
    const attributes = {
      [Attribute.genAiOperation]: GenAiOperation.executeTool,
      [Attribute.genAiToolName]: toolName,
    };
    try {
      const result = await inSpan(tracer, spanName.executeTool(toolName), { attributes }, call.run);
      end('');
      return result;
    } catch (error) {
      end(failureOf(error).code);
      throw error;
    }
  };
}
