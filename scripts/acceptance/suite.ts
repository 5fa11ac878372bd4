// What an acceptance test is and what it is given. It knows neither how tests are run nor what they say.
import type { ApiClient } from '../../clients/api/api-client.ts';

/** Whom a credential is for. All but `other-tenant` belong to one tenant; `expired` is a token that has been good once. */
export const callerNames = ['admin', 'editor', 'viewer', 'other-user', 'other-tenant', 'expired'] as const;

/** One of them. */
export type CallerName = (typeof callerNames)[number];

/** A credential for each of them. */
export type Tokens = Readonly<Record<CallerName, string>>;

/** The local mesh proves every row of the specification; any deployment those of D5.1 to D5.6. */
export type Mode = 'local' | 'deployed';

/** How long something is waited for, in milliseconds. */
export const waits = { report: 30_000, query: 60_000 } as const;

/** What a test is given. */
export interface TestContext {
  readonly mode: Mode;
  /** `http://host:port`, without a slash at its end. */
  readonly url: string;
  readonly tokens: Tokens;
  /** True when the tokens come from the development issuer, which the deployment then has on purpose. */
  readonly hasDevIssuer: boolean;
  /** Begins the name of everything that this run makes; other runs have other ones. Letters, digits and underscores. */
  readonly prefix: string;
  /** The typed client of one of the callers. */
  as(name: CallerName): ApiClient;
  /** A client with this credential, or with none. */
  withCredential(credential: string | undefined): ApiClient;
  /** Has something done at the end of the run, the last first, whatever came of the tests. What it finds gone already is no fault. */
  later(what: string, undo: () => Promise<unknown>): void;
  /** Made by whoever asks first, and the same for the rest of the run. */
  shared<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** A name or text that nothing else in this run has. */
  unique(word: string): string;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/** A row of the specification's table (S18). */
export interface AcceptanceTest {
  /** Such as `auth-1`. */
  readonly id: string;
  readonly title: string;
  /** Named first in a failure. */
  readonly isCritical: boolean;
  /** Files of the project's own tests that prove the row in a checkout; absent where `run` proves it over HTTP. */
  readonly files?: readonly string[];
  /** Rejects when what must hold does not. */
  run(context: TestContext): Promise<void>;
}

/** Tests that belong together. */
export interface Category {
  /** One word, for `--only`. */
  readonly name: string;
  /** What it proves, by the numbers of the specification. */
  readonly proves: string;
  /** Whether a deployment is measured by it, or only the local mesh. */
  readonly isDeployed: boolean;
  readonly tests: readonly AcceptanceTest[];
}

/** A test over HTTP; `critical` for those that are named first. */
export function httpTest(
  [id, title, weight]: readonly [id: string, title: string, weight?: 'critical'],
  run: AcceptanceTest['run'],
): AcceptanceTest {
  return { id, title, isCritical: weight === 'critical', run };
}
