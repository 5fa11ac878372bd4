// The service behind the tool web_search, as a deployment has chosen it. Types only.
import type { ApiKey } from './model/model-settings.ts';

/** A search service: Brave's API, or a SearXNG of the deployment's own. */
export interface WebSearchSettings {
  readonly kind: 'brave' | 'searxng';
  /** Of its search, such as `https://search.example.org/search`. It may lie in a private network. */
  readonly url: string;
  /** Absent where the service asks for none. */
  readonly apiKey?: ApiKey;
}
