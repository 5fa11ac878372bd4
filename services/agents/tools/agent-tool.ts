// A tool as agents are given it, and what opening tools needs. Types only, and the one failure that tools have of their own.
import type { CallOptions } from '@connectrpc/connect';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { RuntimeNotice } from '../core/invocation.ts';
import { AttemptFailed } from '../core/invocation-failure.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import type { ToolEffect } from '../core/tool-effect.ts';

/** A tool that an agent may call in this run. */
export interface AgentTool {
  /** A tool's name, or `<tool_name>.<name>`. */
  readonly name: string;
  /** For a model; may be empty. */
  readonly description: string;
  /** JSON Schema of the arguments, an object's, without choices at its top: providers take none there. */
  readonly parameters: JsonObject;
  readonly effect: ToolEffect;
  /**
   * Calls it on the leash of the task. Faults: `permission_denied` when it may not be called (any more), `invalid_argument` with everything
   * that is wrong with the arguments, `resource_exhausted` for one call too many, `unavailable` while its breaker is open; ToolFailed when
   * it answered nothing that can be used; the signal's reason when it was aborted.
   */
  run(given: JsonObject, signal: AbortSignal): Promise<JsonValue>;
}

/** A tool without its leash. */
export interface OpenedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
  readonly effect: ToolEffect;
  readonly answer: (given: JsonObject, signal: AbortSignal) => Promise<JsonValue>;
}

/** Open tools. Close them. */
export interface ToolBox {
  readonly tools: readonly AgentTool[];
  /** Ends the sessions with servers of tools; rejects for nothing. */
  close(): Promise<void>;
}

/** For whom tools are opened. */
export interface ToolCircumstances {
  /** The run, with the person it works for. */
  readonly principal: Principal;
  readonly tenantId: string;
  /** Class of the run. */
  readonly capability: string;
  /** Identity and time of each call to a neighbour. */
  readonly callOptions: () => CallOptions;
  /** Time that the attempt still has, in milliseconds. */
  readonly timeLeftMs: () => number;
  readonly signal: AbortSignal;
  readonly tell: (notice: RuntimeNotice) => void;
}

/** How a tool failed. */
export interface ToolFailure {
  /** Whether another call may well succeed; only this speaks against the tool. */
  readonly isTransient: boolean;
  /** Header fields of its answer; absent when there was none. */
  readonly headers?: Headers;
  /** For logs alone. */
  readonly cause?: unknown;
}

/** A tool that did not do what it was asked. The sentence is for the agent; it holds no credentials. */
export class ToolFailed extends AttemptFailed {
  readonly isTransient: boolean;
  readonly headers: Headers | undefined;

  constructor(message: string, { isTransient, headers, cause }: ToolFailure) {
    super({ code: 'tool_error', message });
    this.name = 'ToolFailed';
    this.cause = cause;
    this.isTransient = isTransient;
    this.headers = headers;
  }
}
