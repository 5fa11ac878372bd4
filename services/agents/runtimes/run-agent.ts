// What every runtime is: a function that runs an agent once and answers, whatever the agent runs on.
import type { CallOptions } from '@connectrpc/connect';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { Invocation, RuntimeNotice } from '../core/invocation.ts';
import type { SkillAnswer } from '../core/skill.ts';

/** On whose behalf an invocation runs and who watches it. */
export interface InvocationCircumstances {
  readonly tenantId: string;
  /** The run, with the person it works for: the one who asked for the attempt first. */
  readonly principal: Principal;
  /** Class of the run. */
  readonly capability: string;
  /** Public id of the only object that the run may write; empty for none. */
  readonly writeTarget: string;
  /** Identity and time of each call it makes; the identity is that of whoever asked for the attempt last. */
  readonly callOptions: () => CallOptions;
  /** Time that the attempt still has, in milliseconds. */
  readonly timeLeftMs: () => number;
  /** Aborted, with a Fault as the reason, when the attempt is to end; what it answers afterwards does not count. */
  readonly signal: AbortSignal;
  readonly tell: (notice: RuntimeNotice) => void;
}

/** An answer as a runtime gives it; whether its output is what the agent promised is checked by whoever asked. */
export interface RuntimeAnswer {
  readonly answer: SkillAnswer;
  /** Model or runtime that computed it, such as `builtin` or `anthropic/claude-sonnet-4-5`. */
  readonly runtime: string;
}

/** Runs an agent once. Throws AttemptFailed for what it understands, Faults of what it reaches, and errors for bugs. */
export type RunAgent = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<RuntimeAnswer>;
