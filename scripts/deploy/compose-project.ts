// What is asked of a compose project, over the command line of docker: how its containers stand, what they have said, and what happened to them.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, readContainers } from './compose-containers.ts';
import { printedJson } from './database-state.ts';
import { type CommandOutcome, type Commands, lastLines } from './external-command.ts';
import { must, StepFailure, shownMax } from './target.ts';

/** The description of the project. */
export const composeFile = 'deploy/compose.yaml';

const upMsMax = 15 * 60_000;
const jobMsMax = 600_000;
const linesRead = 500;
const pollMs = 1_000;

/** What the project is asked with. */
export interface ComposeProjectOptions {
  readonly commands: Commands;
  readonly signal: AbortSignal;
  /** How long containers may take to become healthy, in milliseconds [300,000]. */
  readonly healthyMsMax?: number;
}

/** What the description says. */
export interface ProjectFacts {
  readonly name: string;
  /** Files that must be there. */
  readonly secretFiles: readonly string[];
  readonly hasDevIssuer: boolean;
  /** The image of the processes. */
  readonly image: string;
}

/** The project. */
export interface ComposeProject {
  /** Runs `docker compose` with these arguments. */
  compose(args: readonly string[], timeoutMs?: number): Promise<CommandOutcome>;
  facts(): Promise<ProjectFacts>;
  containers(): Promise<readonly Container[]>;
  logs(service: string): Promise<readonly string[]>;
  /** Starts services with what they depend on; resolves when each is healthy, StepFailure with events and logs when one never will be. */
  up(names: readonly string[]): Promise<void>;
  /** Runs the image once where db-init runs, and answers what it prints. */
  job(args: readonly string[]): Promise<unknown>;
}

/** The project of `composeFile`. */
export function createComposeProject(options: ComposeProjectOptions): ComposeProject {
  const { commands } = options;
  const compose: ComposeProject['compose'] = (args, timeoutMs) =>
    commands.run(
      'docker',
      ['compose', '--file', composeFile, ...args],
      timeoutMs === undefined ? {} : { timeoutMs },
    );
  const logs = async (service: string): Promise<readonly string[]> => {
    const args = ['logs', '--no-color', '--no-log-prefix', '--tail', String(linesRead), service];
    const { stdout, stderr } = await compose(args);
    return lastLines(stdout + stderr, linesRead);
  };
  const project = {
    ...{ compose, logs },
    facts: async () =>
      readFacts((await must(compose(['config', '--format', 'json']), 'docker compose config')).stdout),
    containers: async () =>
      readContainers((await must(compose(['ps', '--all', '--format', 'json']), 'docker compose ps')).stdout),
    job: async (args: readonly string[]) => {
      const { stdout, stderr } = await compose(['run', '--rm', '-T', 'db-init', ...args], jobMsMax);
      return printedJson(stdout || stderr, args[0] ?? '');
    },
  };
  const startedS = Math.floor(Date.now() / 1_000) - 1;
  return { ...project, up: (names) => up(names, { ...options, ...project, startedS }) };
}

interface Starting extends ComposeProjectOptions, Omit<ComposeProject, 'up'> {
  /** Events before that are of no interest, in seconds since 1970. */
  readonly startedS: number;
}

async function up(names: readonly string[], project: Starting): Promise<void> {
  const { code, stderr } = await project.compose(['up', '--detach', '--no-build', ...names], upMsMax);
  if (code === 0) return awaitHealthy(names, project);
  const broken = (await project.containers()).find(({ isBroken }) => isBroken)?.service ?? names[0] ?? '';
  throw await failure(lastLines(stderr, 1)[0] ?? 'docker compose up failed', broken, project);
}

async function awaitHealthy(names: readonly string[], project: Starting): Promise<void> {
  const { signal, healthyMsMax = 300_000 } = project;
  for (const startedMs = performance.now(); ; ) {
    const found = await project.containers();
    const broken = found.find(({ isBroken }) => isBroken);
    if (broken) throw await failure(`${broken.service} is ${broken.state}`, broken.service, project);
    const waiting = names.find(
      (name) => !found.some(({ service, isActive }) => service === name && isActive),
    );
    if (waiting === undefined) return;
    if (performance.now() - startedMs > healthyMsMax)
      throw await failure(`${waiting} is not healthy after ${healthyMsMax / 1_000} s`, waiting, project);
    await sleep(pollMs, undefined, { signal });
  }
}

async function failure(message: string, part: string, project: Starting): Promise<StepFailure> {
  return new StepFailure(message, { part, events: await eventsOf(project), logs: await project.logs(part) });
}

async function eventsOf({ commands, facts, startedS }: Starting): Promise<readonly string[]> {
  const { name } = await facts();
  const span = ['--since', String(startedS), '--until', String(Math.floor(Date.now() / 1_000))];
  const filter = ['--filter', `label=com.docker.compose.project=${name}`];
  const { stdout } = await commands.run('docker', ['events', ...span, ...filter, '--format', '{{json .}}']);
  return lastLines(stdout, shownMax.events).map(eventLine);
}

/** An event of docker on one line: when, what, and to which service. */
function eventLine(line: string): string {
  try {
    const { time, Type: type, Action: action, Actor: actor } = JSON.parse(line);
    const { 'com.docker.compose.service': service, name, exitCode } = Object(Object(actor).Attributes);
    const code = exitCode === undefined ? '' : ` exit code ${exitCode}`;
    return `${new Date(Number(time) * 1_000).toISOString()} ${type} ${action} ${service ?? name ?? ''}${code}`;
  } catch {
    return line;
  }
}

/** What `docker compose config --format json` says. */
export function readFacts(text: string): ProjectFacts {
  const { name, services, secrets } = JSON.parse(text);
  const files = Object.values(Object(secrets)).flatMap((secret) => Object(secret).file ?? []);
  const gateway = Object(Object(services).gateway);
  return {
    name: String(name),
    secretFiles: files.map(String).toSorted(),
    hasDevIssuer: Boolean(Object(gateway.environment).AUTH_DEV_ISSUER),
    image: String(gateway.image),
  };
}
