// Who may call which tool: nobody whom it was not granted. Listing a tool grants nothing.
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { implicitTool, type Tool, type ToolEffect } from './tool.ts';
import { type ToolReference, toolReferenceOf } from './tool-name.ts';

/** What a decision rests on. */
export interface AccessFacts {
  /** The tool, or the MCP server that it comes from; undefined when it is absent. */
  readonly tool: Tool | undefined;
  /** False for agents of other tenants too. */
  readonly agentKnown: boolean;
  /** Whether exactly this was granted to the agent. */
  readonly granted: boolean;
}

/** The tool when the agent may call what was asked for; else Fault `permission_denied` with the violation that says why. */
export function allowedTool(toolName: string, { tool, agentKnown, granted }: AccessFacts): Tool {
  const reference = toolReferenceOf(toolName);
  if (!tool || !reference || !isReached(reference, tool)) {
    throw refusal('tool_not_found', 'There is no such tool');
  }
  const implicit = tool.isBuiltin && tool.toolName === implicitTool;
  if (agentKnown && (granted || implicit)) return tool;
  throw refusal('permission_denied', 'The agent may not call this tool: it was not granted to it');
}

const effectsOf: ReadonlyMap<string, readonly ToolEffect[]> = new Map([
  ['ingestion', ['read', 'create']],
  ['query', ['read']],
  ['management', ['read', 'update']],
]);

/**
 * Throws Fault `permission_denied`, with the violation that says why, for a tool that no run of this class may call whoever it was granted
 * to (SPEC E2.5). A class that is not known may call none.
 */
export function requireEffectOf(capability: string, { effect }: Tool): void {
  if (effectsOf.get(capability)?.includes(effect)) return;
  throw refusal(
    'permission_denied',
    `The agent may not call this tool in this run: its effect is ${effect}, which ${capability === '' ? 'a run without a playbook' : `a run of the class ${capability}`} may not have`,
  );
}

/** Throws when the tool cannot be granted under this name: Fault `not_found` for a tool that is absent, `invalid_argument` for an MCP server. */
export function requireGrantable({ remoteName }: ToolReference, tool: Tool | undefined): void {
  if (!tool || (remoteName !== undefined && tool.toolType !== 'mcp_server')) throw notFound('tool');
  if (remoteName !== undefined || tool.toolType !== 'mcp_server') return;
  const reason = `is an MCP server, whose tools are granted one by one, as ${tool.toolName}.<name>`;
  throw invalidArgument([{ field: 'tool_name', reason }]);
}

// A server by itself is a source of tools and cannot be called.
function isReached({ remoteName }: ToolReference, { toolType }: Tool): boolean {
  return (remoteName !== undefined) === (toolType === 'mcp_server');
}

function refusal(reason: 'permission_denied' | 'tool_not_found', sentence: string): Fault {
  return new Fault('permission_denied', sentence, { violations: [{ field: 'tool_name', reason }] });
}
