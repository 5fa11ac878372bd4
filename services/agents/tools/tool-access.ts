// Asks the registry, for every call of a tool anew, whether the agent may call it, and for what the call is proved with. Nothing of it is
// kept: a revoked permission ends with the next call, and credentials live as long as one.
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { JsonObject } from '../core/skill.ts';
import type { ToolCircumstances } from './agent-tool.ts';
import { definitionOf, type ToolDefinition, type WantedTool } from './tool-definitions.ts';

/** A tool that may be called now. */
export interface ToolAccess {
  readonly definition: ToolDefinition;
  /** Undefined for a tool without any. */
  readonly credentials: JsonObject | undefined;
}

/** What asking needs. */
export interface ToolAccessDeps {
  readonly access: MeshClients['access'];
  /** Mints tokens of the agents service for runs: only such a token is given credentials. */
  readonly agentTokens: TokenMint;
}

const askMs = 10_000;

/** The access; Fault `permission_denied` when the agent may not call the tool. Other Faults of the registry refuse the call too. */
export async function verifyAccess(
  { access, agentTokens }: ToolAccessDeps,
  { agentId, name }: WantedTool,
  { principal, signal, timeLeftMs }: Pick<ToolCircumstances, 'principal' | 'signal' | 'timeLeftMs'>,
): Promise<ToolAccess> {
  const timeoutMs = Math.max(1, Math.min(askMs, Math.floor(timeLeftMs())));
  const options = callWith({ token: agentTokens.mint(principal), timeoutMs, signal });
  const asked = { agentId, toolName: name, includeCredentials: true };
  const { tool, credentials } = await access.verifyToolAccess(asked, options);
  if (!tool) throw new Error('The registry allowed a tool without telling it');
  return { definition: definitionOf(tool), credentials };
}
