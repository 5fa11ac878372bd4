// What every command is given: a client for the API that is meant, an output, and the signal that ends it.
import type { Command } from 'commander';
import { type ApiClient, createClient } from '../api/api-client.ts';
import type { CliConfig } from './config.ts';
import { readLogin } from './kept-login.ts';
import { createOutput, type Output, type Screen } from './screen/output.ts';
import { UsageError } from './usage-error.ts';

/** The process as the command sees it. */
export interface Surroundings {
  readonly config: CliConfig;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Where the API is, and as whom. */
export interface Target {
  readonly baseUrl: string;
  /** Undefined when there is none. */
  readonly token: string | undefined;
}

/** What a command works with. */
export interface Frame {
  readonly api: ApiClient;
  readonly out: Output;
  readonly signal: AbortSignal;
  readonly target: Target;
  readonly surroundings: Surroundings;
}

/** Work of a command: its arguments in order, then its options. */
export type Work<A extends readonly unknown[], O> = (frame: Frame, args: A, options: O) => Promise<void>;

/** Makes actions of works. */
export interface Cli {
  action<A extends readonly unknown[], O = object>(work: Work<A, O>): (...given: unknown[]) => Promise<void>;
}

/** The local mesh, when nothing says otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** Binds commands to a process. */
export function createCli(surroundings: Surroundings): Cli {
  return {
    action:
      (work) =>
      async (...given) => {
        // Arguments come first, then the options of the command, then the command itself.
        const command = given.at(-1) as Command;
        const options = command.optsWithGlobals() as CommonOptions;
        const frame = await frameOf(surroundings, options);
        await work(frame, given.slice(0, -2) as never, options as never);
      },
  };
}

async function frameOf(surroundings: Surroundings, options: CommonOptions): Promise<Frame> {
  const { config, stdout, stderr, signal } = surroundings;
  const target = await targetOf(config, options);
  const { baseUrl, token } = target;
  const { isPlain, isDumb } = config;
  return {
    ...{ surroundings, signal, target },
    api: createClient({ baseUrl, credential: token, signal }),
    out: createOutput({ stdout, stderr, isJson: options.json === true, isPlain, isDumb }),
  };
}

/** An argument comes before the environment, and that before what was kept. A kept credential goes nowhere but where it is for. */
export async function targetOf(config: CliConfig, options: CommonOptions): Promise<Target> {
  const isWhole = (options.url ?? config.url) !== undefined && (options.token ?? config.token) !== undefined;
  const kept = isWhole ? undefined : await readLogin(config.folder);
  const baseUrl = checkedUrl(options.url ?? config.url ?? kept?.url ?? defaultUrl);
  const keptToken = kept !== undefined && checkedUrl(kept.url) === baseUrl ? kept.token : undefined;
  return { baseUrl, token: options.token ?? config.token ?? keptToken };
}

/** The address without a slash at its end; UsageError for one that is none, or that carries a credential. */
export function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url takes an address such as ${defaultUrl}, not "${text}"`);
  }
  if (url.username || url.password) throw new UsageError('--url takes an address without a user or password');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api\/v[12]$/, '');
}
