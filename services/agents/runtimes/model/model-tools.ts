// The tools of an agent as a model is offered them. Refusals and faults go back to the model as sentences; what a tool may do is decided by
// whoever opened it.
import { dynamicTool, jsonSchema, type ToolSet } from 'ai';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { Invocation } from '../../core/invocation.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { providerToolNames } from '../../core/model/tool-names.ts';
import type { JsonObject, JsonValue } from '../../core/skill.ts';
import type { AgentTool } from '../../tools/agent-tool.ts';
import type { InvocationCircumstances } from '../run-agent.ts';

/** What a model needs of a tool. */
export type OfferedTool = Pick<AgentTool, 'name' | 'description' | 'parameters' | 'run'>;

/** Opens the tools that the agent lists, was granted, and may use in this run. They are closed when the attempt is over. */
export type OpenTools = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<{ readonly tools: readonly OfferedTool[]; close(): Promise<void> }>;

/** Tools in the form in which the SDK takes them. */
export interface ModelTools {
  readonly tools: ToolSet;
  /** Whether the model has called tools more often than the attempt may. */
  readonly exhausted: () => boolean;
}

/** The most that a model is told of what a tool answered, in UTF-16 code units. */
export const toolAnswerMax = 50_000;

/** For whom tools are offered. */
export interface ModelToolsOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Calls that the attempt may make. */
  readonly callsMax: number;
}

/** Tools for one attempt. */
export function createModelTools(
  offered: readonly OfferedTool[],
  { signal, log, callsMax }: ModelToolsOptions,
): ModelTools {
  const names = providerToolNames(offered.map(({ name }) => name));
  let calls = 0;
  const run = async (tool: OfferedTool, input: unknown): Promise<JsonValue> => {
    calls += 1;
    try {
      return shortened(await tool.run(objectOf(input), signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Fault || error instanceof AttemptFailed) throw new Error(error.message);
      log.error({ err: error, tool: tool.name }, 'A tool ended in an error');
      throw new Error('The tool failed');
    }
  };
  const tools = offered.map((tool, at) => {
    const { description, parameters } = tool;
    const inputSchema = jsonSchema(parameters);
    const execute = (input: unknown) => run(tool, input);
    return [names[at] ?? tool.name, dynamicTool({ description, inputSchema, execute })] as const;
  });
  return { tools: Object.fromEntries(tools), exhausted: () => calls > callsMax };
}

function objectOf(input: unknown): JsonObject {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  if (!isObject) throw new Fault('invalid_argument', 'The arguments of a tool must be a JSON object');
  return input as JsonObject;
}

function shortened(answer: JsonValue): JsonValue {
  const text = JSON.stringify(answer);
  if (text.length <= toolAnswerMax) return answer;
  return `${text.slice(0, toolAnswerMax)}… (cut: the whole answer has ${text.length} characters; ask for less)`;
}
