// How often an attempt may call tools: as often as a task may, or what is left of the calls of its execution (SPEC S15).

/** Calls that one task may make with each attempt. */
export const toolCallsMax = 20;

/** Calls that one execution may make, where nobody says another number. */
export const executionToolCallsDefault = 100;

/** How often an attempt may call tools. */
export interface ToolCallAllowance {
  /** From 0 to `toolCallsMax`. */
  readonly left: number;
  /** Calls that an execution may make in all. */
  readonly executionMax: number;
}

/** What an attempt has that nobody bounds further. */
export const usualAllowance: ToolCallAllowance = {
  left: toolCallsMax,
  executionMax: executionToolCallsDefault,
};

/** Why there is no further call: which limit it is, and what it is of. */
export function allowanceUsedUp({ left, executionMax }: ToolCallAllowance): string {
  if (left >= toolCallsMax) return `A task may call tools ${toolCallsMax} times`;
  return `An execution may call tools ${executionMax} times, of which ${left} were left for this task`;
}
