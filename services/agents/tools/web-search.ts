// The tool web_search, over a search service that the deployment has chosen: Brave's API, or a SearXNG of its own. Without one it says so.
import { isJsonObject } from '../../../foundation/json/json.ts';
import { OutboundFailed } from '../../../foundation/net/outbound-failed.ts';
import type { Outbound } from '../../../foundation/net/outbound-fetch.ts';
import { readSecret } from '../../../foundation/secrets/read-secret.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import type { WebSearchSettings } from '../core/web-search-settings.ts';
import { ToolFailed } from './agent-tool.ts';
import { outboundToolFailure, toolAnswerBytesMax, toolCallMs } from './http-tool.ts';
import type { AnswerTool } from './report-tools.ts';
import { withoutSecrets } from './secrets-in.ts';

/** What searches are made with. */
export interface WebSearchDeps {
  readonly outbound: Outbound;
  /** Undefined for a deployment without a search service. */
  readonly settings: WebSearchSettings | undefined;
  /** Time for a search [`toolCallMs`], in milliseconds. */
  readonly callMs?: number;
}

/** Pages that are answered where nobody says how many. */
export const pagesDefault = 5;

const textMax = 500;

/** The tool for one run. ToolFailed when there is no service, or it gives no answer that can be read. */
export function createWebSearch(deps: WebSearchDeps, signal: AbortSignal): AnswerTool {
  const { settings } = deps;
  return async ({ query, max_results: most = pagesDefault }) => {
    if (!settings) {
      const remedy = 'an operator can set WEB_SEARCH_PROVIDER and WEB_SEARCH_URL';
      throw failed(`No web search is configured in this deployment: ${remedy}`);
    }
    const key = settings.apiKey ? await readSecret(settings.apiKey) : undefined;
    const asked = { query: String(query), most: Number(most) };
    const text = await search(deps, requestOf(settings, asked, key), signal);
    return { results: pagesOf(withoutSecrets(text, key ? [key] : [])).slice(0, asked.most) };
  };
}

interface SearchRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function requestOf(
  { kind, url: base }: WebSearchSettings,
  { query, most }: { readonly query: string; readonly most: number },
  key: string | undefined,
): SearchRequest {
  const url = new URL(base);
  url.searchParams.set('q', query);
  const headers = { accept: 'application/json', 'user-agent': 'DomainFlow' };
  if (kind === 'searxng') {
    url.searchParams.set('format', 'json');
    return { url: url.href, headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) } };
  }
  url.searchParams.set('count', String(most));
  return { url: url.href, headers: { ...headers, ...(key ? { 'x-subscription-token': key } : {}) } };
}

async function search(
  { outbound, settings, callMs = toolCallMs }: WebSearchDeps,
  { url, headers }: SearchRequest,
  signal: AbortSignal,
): Promise<string> {
  try {
    const bounds = { bodyBytesMax: toolAnswerBytesMax, timeoutMs: callMs };
    const answer = await outbound.fetch(url, { headers, signal, ...bounds });
    const text = await answer.text();
    if (!answer.ok)
      throw failed(`The web search answered ${answer.status}${remedyFor(answer.status, settings)}`);
    return text;
  } catch (error) {
    throw error instanceof OutboundFailed ? outboundToolFailure('web_search', error) : error;
  }
}

/** A SearXNG refuses JSON until its operator allows it. */
function remedyFor(status: number, settings: WebSearchSettings | undefined): string {
  if (settings?.kind !== 'searxng' || status !== 403) return '';
  return ': an operator can add json to search.formats in the settings.yml of the SearXNG';
}

/** Pages as either service lists them: `web.results` or `results`, with `description` or `content`. */
function pagesOf(text: string): JsonObject[] {
  const answer = jsonOf(text);
  const { web, results } = isJsonObject(answer) ? answer : {};
  const pages = isJsonObject(web) ? web.results : results;
  if (!Array.isArray(pages)) throw failed('The web search gave an answer that cannot be read');
  return pages.filter(isJsonObject).map(({ title, url, description, content }) => ({
    title: shortText(title),
    url: shortText(url),
    text: shortText(description ?? content),
  }));
}

function shortText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, textMax).toWellFormed() : '';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(message: string): ToolFailed {
  return new ToolFailed(message, { isTransient: false });
}
