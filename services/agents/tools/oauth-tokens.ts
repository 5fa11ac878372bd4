// Access tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), kept for as long as they hold. They stay in the process.
import { hash } from 'node:crypto';
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { Outbound } from '../../../foundation/net/outbound-fetch.ts';
import { ToolFailed } from './agent-tool.ts';

/** Who asks for a token, and where. */
export interface OauthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent for what the server gives by itself. */
  readonly scope?: string;
}

/** What a token is asked with. */
export interface TokenAsk {
  readonly tenantId: string;
  readonly client: OauthClient;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A token that no longer holds, and is not to be answered again. */
  readonly spent?: string | undefined;
}

/** Gives tokens. ToolFailed where a server gives none; its sentence holds nothing that the server said. */
export type OauthTokens = (ask: TokenAsk) => Promise<string>;

/** What tokens are got with. */
export interface OauthTokensOptions {
  readonly outbound: Outbound;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
}

const tokensMax = 1_000;
const answerBytesMax = 32_768;
const lifetimeDefaultS = 300;
const lifetimeSMax = 3_600;
const marginS = 30;

interface KeptToken {
  readonly token: string;
  readonly untilMs: number;
}

/** Keeps tokens by tenant and client, and gets those that are not there. */
export function createOauthTokens({ outbound, nowMs }: OauthTokensOptions): OauthTokens {
  const kept = createBoundedCache<KeptToken>({ weightMax: tokensMax, weightOf: () => 1 });
  return async (ask) => {
    const key = hash('sha256', JSON.stringify([ask.tenantId, ask.client]), 'base64');
    const known = kept.get(key);
    if (known && known.token !== ask.spent && nowMs() < known.untilMs) return known.token;
    const askedMs = nowMs();
    const { token, lifetimeS } = await askFor(outbound, ask);
    const heldS = Math.min(lifetimeSMax, lifetimeS) - marginS;
    kept.set(key, { token, untilMs: askedMs + heldS * 1_000 });
    return token;
  };
}

async function askFor(outbound: Outbound, { client, timeoutMs, signal }: TokenAsk) {
  const { tokenUrl, clientId, clientSecret, scope } = client;
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  const identity = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(identity).toString('base64')}`,
  };
  const sent = { method: 'POST', headers, body: body.toString(), signal, timeoutMs };
  const answer = await outbound.fetch(tokenUrl, { ...sent, bodyBytesMax: answerBytesMax, redirectsMax: 0 });
  const text = await answer.text();
  const token = answer.ok ? tokenIn(text) : undefined;
  if (token) return token;
  const isTransient = answer.status >= 500 || answer.status === 429;
  const said = answer.ok ? 'gave no bearer token' : `answered ${answer.status}`;
  throw new ToolFailed(`The token_url of the tool's credentials ${said}`, {
    isTransient,
    headers: answer.headers,
  });
}

function tokenIn(text: string): { readonly token: string; readonly lifetimeS: number } | undefined {
  const answer = jsonOf(text);
  if (!isJsonObject(answer)) return undefined;
  const { access_token: token, token_type: type = 'bearer', expires_in: expiresIn } = answer;
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token) || !isBearer) return undefined;
  const lifetimeS = Number(expiresIn ?? lifetimeDefaultS);
  return { token, lifetimeS: lifetimeS >= 0 ? lifetimeS : 0 };
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
