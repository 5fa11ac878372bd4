// The tools of tenants' MCP servers, for one attempt: a session with each server, and of its tools those that the agent was granted.
import { BreakerOpen } from '../../../foundation/breaker/breaker.ts';
import { OutboundFailed } from '../../../foundation/net/outbound-failed.ts';
import type { JsonObject } from '../core/skill.ts';
import { type OpenedTool, type ToolCircumstances, ToolFailed } from './agent-tool.ts';
import { type HttpToolDeps, outboundToolFailure, toolCallMs } from './http-tool.ts';
import { type ToolAccessDeps, verifyAccess } from './tool-access.ts';
import { type Proof, type ProofAsk, proofOf } from './tool-credentials.ts';
import { isDenial, type ToolDefinition, type WantedTool } from './tool-definitions.ts';

/** The longest description that a model is told, in characters. */
const descriptionMax = 1_000;

/** The longest schema of arguments, as JSON text. */
const schemaTextMax = 16_384;

/** What sessions are opened with. */
export interface McpToolsDeps extends ToolAccessDeps {
  readonly http: HttpToolDeps;
}

/** Tools of a server that an agent wants, all of one server. */
export interface WantedOfServer {
  readonly server: ToolDefinition;
  readonly wanted: readonly WantedTool[];
}

/** Open tools of one server. */
export interface OpenedServer {
  readonly tools: readonly OpenedTool[];
  close(): Promise<void>;
}

/**
 * The wanted tools that the server has, and can be described to a model. A server that cannot be reached has none, and that is told; Faults of
 * the registry pass through.
 */
export async function openServer(
  deps: McpToolsDeps,
  { server, wanted }: WantedOfServer,
  circumstances: ToolCircumstances,
): Promise<OpenedServer> {
  try {
    return await open(deps, { server, wanted }, circumstances);
  } catch (error) {
    if (!(error instanceof Error && isOfServer(error))) throw error;
    circumstances.tell({ kind: 'progress', message: `No tools of ${server.toolName}: ${error.message}` });
    return { tools: [], close: async () => {} };
  }
}

/** True for what keeps an agent from the tools of one server and from nothing else. */
function isOfServer(error: Error): boolean {
  return error instanceof ToolFailed || error.cause instanceof BreakerOpen || isDenial(error);
}

async function open(
  deps: McpToolsDeps,
  { server, wanted }: WantedOfServer,
  circumstances: ToolCircumstances,
): Promise<OpenedServer> {
  const { tenantId, signal } = circumstances;
  const { toolName } = server;
  const [first] = wanted;
  if (!first) return { tools: [], close: async () => {} };
  const { openMcpSession } = await import('./mcp-session.ts');
  const breaker = deps.http.breakerOf(tenantId, toolName);
  const access = await verifyAccess(deps, first, circumstances);
  const { endpoint } = access.definition;
  const session = await breaker.run(async () => {
    const proof = await proofOfServer(deps, { ...access, tenantId, signal, timeoutMs: toolCallMs });
    return openMcpSession(deps.http.outbound, { toolName, endpoint, proof }, signal);
  });
  const tools = wanted.flatMap((one): OpenedTool[] => {
    const remote = session.tools.find(({ name }) => one.name === `${toolName}.${name}`);
    if (!remote || JSON.stringify(remote.parameters).length > schemaTextMax) return [];
    const { name, description, parameters } = remote;
    return [
      {
        ...{ name: one.name, effect: server.effect, parameters },
        description: description.slice(0, descriptionMax).toWellFormed(),
        answer: async (given: JsonObject, ends: AbortSignal) => {
          await verifyAccess(deps, one, circumstances);
          return breaker.run(() => session.call(name, given, ends));
        },
      },
    ];
  });
  return { tools, close: session.close };
}

async function proofOfServer({ http }: McpToolsDeps, ask: ProofAsk): Promise<Proof> {
  try {
    return await proofOf(ask, http.tokens);
  } catch (error) {
    throw error instanceof OutboundFailed ? outboundToolFailure(ask.definition.toolName, error) : error;
  }
}
