// A Helm release of the chart `k8s/` as a deployment. It stays after the command.
import { existsSync } from 'node:fs';
import { printedJson } from './database-state.ts';
import type { Stack } from './deployment-report.ts';
import { type Commands, lastLines } from './external-command.ts';
import { createHelmRelease, type HelmRelease, type Json, nameOf } from './helm-release.ts';
import { forwardPort } from './port-forward.ts';
import {
  type Bundle,
  must,
  type Reachable,
  type ServiceName,
  StepFailure,
  serviceNames,
  shownMax,
  type Target,
} from './target.ts';
import { verifyJobOf } from './verify-job.ts';

const chart = 'k8s';
const installMinutesMax = 20;
const verifySMax = 90;

/** What the target is made with. */
export interface HelmTargetOptions {
  readonly commands: Commands;
  readonly release: string;
  readonly namespace: string;
  /** Files of values, the last wins. */
  readonly values: readonly string[];
  /** Where the gateway is reached from here; absent forwards a port. */
  readonly url: string | undefined;
}

/** The release as a target. */
export function createHelmTarget(options: HelmTargetOptions): Target {
  const cluster = createHelmRelease(options);
  const { release, values } = options;
  const charted = [chart, ...values.flatMap((path) => ['--values', path])];
  return {
    prerequisites: () => missingFor(options, cluster),
    bringsIssuer: async () => false,
    build: async () => {
      await must(options.commands.run('helm', ['lint', '--strict', ...charted]), 'helm lint');
      await must(cluster.helm(['template', release, ...charted]), 'helm template');
      // The image is built elsewhere: what it lacks shows when it starts.
      const bundle: Bundle = { runtime: null, codeSize: null, missing: undefined };
      return Object.fromEntries(serviceNames.map((name) => [name, bundle])) as Record<ServiceName, Bundle>;
    },
    deploy: () => install(['upgrade', '--install', release, ...charted], release, cluster),
    stacks: async () => [await stackOf(release, cluster)],
    services: cluster.services,
    logs: cluster.logs,
    initDatabase: async () => {
      const logs = cluster.kubectl(['logs', `job/${nameOf(await cluster.initJob())}`]);
      return printedJson((await must(logs, 'kubectl logs')).stdout, 'db-init');
    },
    verifyDatabase: () => verifyDatabase(cluster),
    reach: () => reach(options, cluster),
    end: async () => undefined,
  };
}

async function missingFor(
  { commands, values }: HelmTargetOptions,
  { kubectl }: HelmRelease,
): Promise<readonly string[]> {
  const missing: string[] = [];
  const helm = await commands.run('helm', ['version', '--short']);
  if (helm.code !== 0) missing.push(`helm cannot be used: ${lastLines(helm.stderr, 1)[0] ?? 'no answer'}`);
  const client = await commands.run('kubectl', ['version', '--client', '--output', 'json']);
  if (client.code !== 0)
    missing.push(`kubectl cannot be used: ${lastLines(client.stderr, 1)[0] ?? 'no answer'}`);
  else {
    const allowed = await kubectl(['auth', 'can-i', 'create', 'deployments.apps']);
    const why = lastLines(allowed.stderr || allowed.stdout, 1)[0] ?? 'no answer';
    if (allowed.code !== 0)
      missing.push(`The cluster of the present context does not let you deploy: ${why}`);
  }
  const absent = values.filter((path) => !existsSync(path));
  return [...missing, ...absent.map((path) => `The file of values ${path} is missing`)];
}

async function install(args: readonly string[], release: string, cluster: HelmRelease): Promise<void> {
  const wait = ['--create-namespace', '--wait', '--timeout', `${installMinutesMax}m`];
  const { code, stderr } = await cluster.helm([...args, ...wait], (installMinutesMax + 1) * 60_000);
  if (code === 0) return;
  const told = lastLines(stderr, shownMax.logs);
  const standing = await cluster.services().catch(() => []);
  const broken = standing.find(({ state }) => state !== 'Active');
  const logs = broken ? await cluster.logs(broken.name) : told;
  const part = broken?.name ?? release;
  throw new StepFailure(told.at(-1) ?? 'helm upgrade failed', { part, logs, events: await cluster.events() });
}

async function stackOf(release: string, { helm, list }: HelmRelease): Promise<Stack> {
  const { stdout } = await must(helm(['status', release, '--output', 'json']), 'helm status');
  const kinds = 'deployments,jobs,services,horizontalpodautoscalers,poddisruptionbudgets,networkpolicies';
  const resources = (await list(kinds)).map((object) => `${String(object.kind)}/${nameOf(object)}`);
  return { name: release, status: String(Object(JSON.parse(stdout).info).status), resources };
}

async function verifyDatabase({ kubectl, initJob }: HelmRelease): Promise<unknown> {
  const { name, manifest } = verifyJobOf(await initJob());
  await must(kubectl(['create', '--filename', '-'], JSON.stringify(manifest)), 'kubectl create');
  try {
    // A job that fails is not complete: what it printed says why.
    await kubectl(['wait', `job/${name}`, '--for', 'condition=Complete', '--timeout', `${verifySMax}s`]);
    const { stdout } = await must(kubectl(['logs', `job/${name}`]), 'kubectl logs');
    return printedJson(stdout, 'db-verify');
  } finally {
    await kubectl(['delete', 'job', name, '--wait=false']);
  }
}

async function reach(
  { commands, namespace, url }: HelmTargetOptions,
  { list }: HelmRelease,
): Promise<Reachable> {
  if (url !== undefined) return { url, issuer: undefined, close: async () => undefined };
  const [service] = await list('services', 'gateway');
  if (!service) throw new StepFailure('The release has no Service of the gateway', { part: 'gateway' });
  const place = [`service/${nameOf(service)}`, `:${portOf(service)}`];
  return forwardPort(commands, ['port-forward', '--namespace', namespace, ...place]);
}

function portOf(service: Json): number {
  const ports: readonly Json[] = Object(service.spec).ports ?? [];
  const found = ports.find(({ name }) => name === 'http') ?? ports[0];
  return Number(found?.port);
}
