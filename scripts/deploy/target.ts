// What a place must offer that DomainFlow can be deployed to. The steps are the same everywhere (`flow.ts`).
import type { Stack } from './deployment-report.ts';
import { type CommandOutcome, lastLines } from './external-command.ts';

/** The gateway and the five services. */
export const serviceNames = ['registry', 'reports', 'sessions', 'agents', 'orchestrator', 'gateway'] as const;

/** One of them. */
export type ServiceName = (typeof serviceNames)[number];

/** How many of the last log lines and events of a part a report shows. */
export const shownMax = { logs: 50, events: 10 } as const;

/** A step that failed, with the part that it failed at and what that has said. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly part: string | undefined;
  readonly events: readonly string[] | undefined;
  readonly logs: readonly string[] | undefined;

  constructor(
    message: string,
    found: {
      readonly part?: string;
      readonly events?: readonly string[];
      readonly logs?: readonly string[];
    } = {},
  ) {
    super(message);
    this.part = found.part;
    this.events = found.events?.slice(-shownMax.events);
    this.logs = found.logs?.slice(-shownMax.logs);
  }
}

/** What a bundle was found to be. */
export interface Bundle {
  readonly runtime: string | null;
  /** Bytes. */
  readonly codeSize: number | null;
  /** The first thing that could not be imported; undefined when everything was found, or it is only found out by starting. */
  readonly missing: string | undefined;
}

/** How a service stands. */
export interface Standing {
  readonly name: ServiceName;
  /** `Active`, or what it says instead. */
  readonly state: string;
  /** What is known only once it runs; absent leaves what its bundle said. */
  readonly runtime?: string | null;
  readonly codeSize?: number | null;
}

/** Where the gateway can be reached from here. */
export interface Reachable {
  readonly url: string;
  /** The development issuer, where the deployment has one on purpose. */
  readonly issuer: string | undefined;
  close(): Promise<void>;
}

/** A place to deploy to. Its verbs are called in this order, each once; all but `prerequisites` may throw StepFailure. */
export interface Target {
  /** Everything that is missing, a sentence each. */
  prerequisites(): Promise<readonly string[]>;
  /** Whether it brings a development issuer of its own, on purpose; rejects when that cannot be found out. */
  bringsIssuer(): Promise<boolean>;
  /** Builds what is to be deployed and checks that it is whole. */
  build(): Promise<Readonly<Record<ServiceName, Bundle>>>;
  /** Brings it up, data first. */
  deploy(): Promise<void>;
  stacks(): Promise<readonly Stack[]>;
  services(): Promise<readonly Standing[]>;
  /** The last lines of a service's log. */
  logs(service: ServiceName): Promise<readonly string[]>;
  /** What db-init prints, with the builtin content loaded. */
  initDatabase(): Promise<unknown>;
  /** What db-verify prints. */
  verifyDatabase(): Promise<unknown>;
  reach(): Promise<Reachable>;
  /** Ends what lives no longer than this command. */
  end(): Promise<void>;
}

/** The outcome of a command that must end well; StepFailure with what it said when it does not. */
export async function must(running: Promise<CommandOutcome>, what: string): Promise<CommandOutcome> {
  const outcome = await running;
  if (outcome.code === 0) return outcome;
  const logs = lastLines(`${outcome.stdout}\n${outcome.stderr}`, shownMax.logs);
  throw new StepFailure(`${what} failed: ${logs.at(-1) ?? `exit code ${outcome.code}`}`, { logs });
}
