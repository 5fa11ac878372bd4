// What a call to a tenant's tool is proved with: header fields, made from the credentials that the registry keeps.
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { ToolFailed } from './agent-tool.ts';
import type { OauthClient, OauthTokens } from './oauth-tokens.ts';
import type { ToolAccess } from './tool-access.ts';

/** The header field of an API key whose credentials name none. */
export const apiKeyHeader = 'x-api-key';

/** What a call is proved with. */
export interface Proof {
  /** Header fields, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that nobody outside may read. */
  readonly secrets: readonly string[];
  /** A token that can be got anew when the tool refuses it; absent for other proofs. */
  readonly token?: string;
}

/** What a proof is made with. */
export interface ProofAsk extends ToolAccess {
  readonly tenantId: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A token that the tool has refused. */
  readonly spent?: string | undefined;
}

/** The proof; ToolFailed when there is none. */
export async function proofOf(ask: ProofAsk, tokens: OauthTokens): Promise<Proof> {
  const { definition, credentials } = ask;
  const { auth, toolName } = definition;
  if (auth === 'none') return { headers: {}, secrets: [] };
  if (auth === 'iam') throw withoutIdentity(toolName);
  if (!credentials) throw unproved(toolName, 'has no credentials: store them with the tool');
  if (auth === 'api_key') return keyProof(credentials);
  if (auth === 'custom') return headersProof(credentials);
  const client = clientOf(credentials);
  const token = await tokens({ ...ask, client });
  const secrets = [token, client.clientSecret];
  return { headers: { authorization: `Bearer ${token}` }, secrets, token };
}

function keyProof({ key, header }: JsonObject): Proof {
  const secret = textOf(key);
  return { headers: { [textOf(header, apiKeyHeader).toLowerCase()]: secret }, secrets: [secret] };
}

function headersProof({ headers }: JsonObject): Proof {
  const fields = Object.entries(headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), textOf(value)] as const,
  );
  const secrets = fields.flatMap(([, value]) => [value, value.replace(/^\w+ +/, '')]);
  return { headers: Object.fromEntries(fields), secrets };
}

function clientOf(credentials: JsonObject): OauthClient {
  const { token_url: tokenUrl, client_id: clientId, client_secret: clientSecret, scope } = credentials;
  const client = {
    tokenUrl: textOf(tokenUrl),
    clientId: textOf(clientId),
    clientSecret: textOf(clientSecret),
  };
  return typeof scope === 'string' ? { ...client, scope } : client;
}

// The platform's own cloud identity proves the platform: lent to an endpoint of a tenant's choice, it would prove the tenant as it.
function withoutIdentity(toolName: string): ToolFailed {
  const remedy = 'give it the auth_method api_key, oauth, custom or none';
  return unproved(
    toolName,
    `has the auth_method iam, and the platform lends its own identity to no tool: ${remedy}`,
  );
}

function unproved(toolName: string, sentence: string): ToolFailed {
  return new ToolFailed(`The tool ${toolName} ${sentence}`, { isTransient: false });
}

function textOf(value: JsonValue | undefined, absent = ''): string {
  return typeof value === 'string' ? value : absent;
}
