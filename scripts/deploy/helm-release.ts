// What is asked of a Helm release, over the command lines of helm and kubectl: how its objects stand, what they have said, and what happened to them.
import { type CommandOutcome, type Commands, lastLines } from './external-command.ts';
import { must, type ServiceName, type Standing, StepFailure, serviceNames, shownMax } from './target.ts';

const kubectlMsMax = 180_000;
const linesRead = 500;

/** An object of Kubernetes. */
export type Json = Readonly<Record<string, unknown>>;

/** Which release. */
export interface ReleaseOptions {
  readonly commands: Commands;
  readonly release: string;
  readonly namespace: string;
}

/** The release. */
export interface HelmRelease {
  helm(args: readonly string[], timeoutMs?: number): Promise<CommandOutcome>;
  kubectl(args: readonly string[], input?: string): Promise<CommandOutcome>;
  /** Objects of the release of these kinds, all or those of a component. */
  list(kinds: string, component?: string): Promise<readonly Json[]>;
  logs(component: string): Promise<readonly string[]>;
  /** The newest events of the namespace. */
  events(): Promise<readonly string[]>;
  services(): Promise<readonly Standing[]>;
  /** The newest job that initialises the database. */
  initJob(): Promise<Json>;
}

/** The release with this name in this namespace. */
export function createHelmRelease({ commands, release, namespace }: ReleaseOptions): HelmRelease {
  const place = ['--namespace', namespace];
  const helm: HelmRelease['helm'] = (args, timeoutMs = 60_000) =>
    commands.run('helm', [...args, ...place], { timeoutMs });
  const kubectl: HelmRelease['kubectl'] = (args, input = '') =>
    commands.run('kubectl', [...place, ...args], { timeoutMs: kubectlMsMax, input });
  const selected = (component?: string): readonly string[] => {
    const own = `app.kubernetes.io/instance=${release}`;
    return ['--selector', component ? `${own},app.kubernetes.io/component=${component}` : own];
  };
  const list: HelmRelease['list'] = async (kinds, component) => {
    const args = ['get', kinds, ...selected(component), '--output', 'json'];
    return JSON.parse((await must(kubectl(args), `kubectl get ${kinds}`)).stdout).items ?? [];
  };
  const events = async (): Promise<readonly string[]> => {
    const args = ['get', 'events', '--sort-by', '.lastTimestamp', '--output', 'json'];
    return eventLines((await kubectl(args)).stdout);
  };
  return {
    ...{ helm, kubectl, list, events },
    logs: async (component) => {
      const tail = ['--tail', String(linesRead), '--all-containers', '--ignore-errors'];
      return lastLines((await kubectl(['logs', ...selected(component), ...tail])).stdout, linesRead);
    },
    services: async () => {
      const [found, sizes] = [await list('deployments'), await imageSizes(commands)];
      return Promise.all(serviceNames.map((name) => standingOf(name, { found, sizes, kubectl })));
    },
    initJob: async () => {
      const job = (await list('jobs', 'db-init')).toSorted(byCreation).at(-1);
      if (job) return job;
      throw new StepFailure('The release has no job db-init', { part: 'db-init', events: await events() });
    },
  };
}

// ISO 8601 with the same zone: the order of the texts is that of the times.
function byCreation(a: Json, b: Json): number {
  const [first, second] = [a, b].map((object) => String(metadataOf(object).creationTimestamp ?? ''));
  return (first ?? '').localeCompare(second ?? '');
}

interface Found {
  readonly found: readonly Json[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly kubectl: HelmRelease['kubectl'];
}

async function standingOf(name: ServiceName, { found, sizes, kubectl }: Found): Promise<Standing> {
  const deployment = found.find((each) => componentOf(each) === name);
  const state = stateOf(deployment);
  if (!deployment || state !== 'Active') return { name, state };
  const { stdout } = await kubectl(['exec', `deployment/${nameOf(deployment)}`, '--', 'node', '--version']);
  const [, version] = /^v(\S+)/.exec(stdout) ?? [];
  const codeSize = sizes.get(imageOf(deployment)) ?? null;
  return { name, state, codeSize, runtime: version === undefined ? null : `nodejs${version}` };
}

function stateOf(deployment: Json | undefined): string {
  if (!deployment) return 'Missing';
  const { replicas = 0, readyReplicas = 0 } = Object(deployment.status);
  const wanted = Object(deployment.spec).replicas ?? 1;
  return replicas > 0 && readyReplicas >= wanted ? 'Active' : `${readyReplicas} of ${wanted} ready`;
}

const metadataOf = (object: Json): Json => Object(object.metadata);
const componentOf = (object: Json): unknown =>
  Object(metadataOf(object).labels)['app.kubernetes.io/component'];

/** The object's name. */
export function nameOf(object: Json): string {
  return String(metadataOf(object).name);
}

/** Bytes of each image that a node has, by its names; none where nodes may not be looked at. */
async function imageSizes(commands: Commands): Promise<ReadonlyMap<string, number>> {
  const { code, stdout } = await commands.run('kubectl', ['get', 'nodes', '--output', 'json']);
  if (code !== 0) return new Map();
  const nodes: readonly Json[] = JSON.parse(stdout).items ?? [];
  const images = nodes.flatMap((node): readonly Json[] => Object(node.status).images ?? []);
  const named = images.flatMap(({ names, sizeBytes }) =>
    ((names as readonly string[] | undefined) ?? []).map((name): [string, number] => [
      plainName(name),
      Number(sizeBytes),
    ]),
  );
  return new Map(named);
}

function imageOf(deployment: Json): string {
  const [container] = Object(Object(Object(deployment.spec).template).spec).containers ?? [];
  return plainName(String(Object(container).image));
}

// Nodes name the registry that is meant where none is.
function plainName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}

function eventLines(text: string): readonly string[] {
  try {
    const { items = [] } = JSON.parse(text);
    return items.slice(-shownMax.events).map((event: Json) => {
      const { kind, name } = Object(event.involvedObject);
      const time = event.lastTimestamp ?? event.eventTime;
      return `${time} ${event.type} ${event.reason} ${kind}/${name}: ${event.message}`;
    });
  } catch {
    return [];
  }
}
