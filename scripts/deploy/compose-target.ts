// The compose project of `deploy/compose.yaml` as a deployment. It stays up after the command.
import { existsSync } from 'node:fs';
import { importOf, missingIn } from './bundle-check.ts';
import type { Container } from './compose-containers.ts';
import {
  type ComposeProject,
  type ComposeProjectOptions,
  composeFile,
  createComposeProject,
  readFacts,
} from './compose-project.ts';
import type { Stack } from './deployment-report.ts';
import { type Commands, lastLines } from './external-command.ts';
import { type Bundle, must, type Reachable, type ServiceName, serviceNames, type Target } from './target.ts';

const dataServices = ['postgres', 'dynamodb', 'objects'] as const;
const buildMsMax = 30 * 60_000;

/** The compose project as a target. */
export function createComposeTarget(options: ComposeProjectOptions): Target {
  const project = createComposeProject(options);
  const { compose, containers } = project;
  return {
    prerequisites: () => missingFor(options.commands, compose),
    bringsIssuer: async () => (await project.facts()).hasDevIssuer,
    build: async () => {
      await must(compose(['build'], buildMsMax), 'docker compose build');
      return inspectBundles(options.commands, project);
    },
    deploy: async () => {
      await project.up(dataServices);
      await project.up(serviceNames);
    },
    stacks: async () => [stackOf((await project.facts()).name, await containers())],
    services: async () => {
      const found = await containers();
      return serviceNames.map((name) => {
        const container = found.find(({ service }) => service === name);
        return { name, state: container?.isActive ? 'Active' : (container?.state ?? 'Missing') };
      });
    },
    logs: project.logs,
    initDatabase: () => project.job(['db-init', '--seed']),
    verifyDatabase: () => project.job(['db-verify']),
    reach: () => reach(project),
    end: async () => undefined,
  };
}

async function missingFor(
  commands: Commands,
  compose: ComposeProject['compose'],
): Promise<readonly string[]> {
  const server = await commands.run('docker', ['version', '--format', '{{.Server.Version}}']);
  const plugin = await commands.run('docker', ['compose', 'version', '--short']);
  const missing: string[] = [];
  if (server.code !== 0)
    missing.push(`docker cannot be used: ${lastLines(server.stderr, 1)[0] ?? 'no answer'}`);
  if (plugin.code !== 0)
    return [...missing, 'docker compose is missing: the plugin of version 2.20 or newer is needed'];
  const config = await compose(['config', '--format', 'json']);
  if (config.code !== 0)
    return [...missing, `${composeFile} cannot be read: ${lastLines(config.stderr, 1)[0]}`];
  const absent = readFacts(config.stdout).secretFiles.filter((path) => !existsSync(path));
  return [
    ...missing,
    ...absent.map((path) => `The secret file ${path} is missing; npm run -s compose-secrets makes it`),
  ];
}

async function inspectBundles(
  commands: Commands,
  { compose, facts }: ComposeProject,
): Promise<Readonly<Record<ServiceName, Bundle>>> {
  const { image } = await facts();
  const { stdout } = await must(commands.run('docker', ['image', 'inspect', image]), 'docker image inspect');
  const [{ Size: size, Config: config }] = JSON.parse(stdout);
  const env: readonly string[] = Object(config).Env ?? [];
  const [, version] = /^NODE_VERSION=(.+)$/m.exec(env.join('\n')) ?? [];
  const bundles: [ServiceName, Bundle][] = [];
  for (const name of serviceNames) {
    const program = ['--entrypoint', 'node', name, '--input-type=module', '-e', importOf(name, '/app')];
    const { code, stderr } = await compose(['run', '--rm', '-T', '--no-deps', ...program]);
    const missing = code === 0 ? undefined : missingIn(stderr);
    bundles.push([name, { runtime: version ? `nodejs${version}` : null, codeSize: Number(size), missing }]);
  }
  return Object.fromEntries(bundles) as Record<ServiceName, Bundle>; // all names are in
}

function stackOf(name: string, containers: readonly Container[]): Stack {
  const resources = containers.map(({ service, state }) => `${service} ${state}`);
  const isUp = serviceNames.every((wanted) =>
    containers.some(({ service, isActive }) => service === wanted && isActive),
  );
  return { name, status: isUp ? 'running' : 'incomplete', resources };
}

async function reach({ compose, facts }: ComposeProject): Promise<Reachable> {
  const { stdout } = await must(compose(['port', 'gateway', '8080']), 'docker compose port');
  const address = lastLines(stdout, 1)[0]
    ?.replace(/^0\.0\.0\.0/, '127.0.0.1')
    .replace(/^\[::\]/, '[::1]');
  const url = `http://${address}`;
  const { hasDevIssuer } = await facts();
  return { url, issuer: hasDevIssuer ? url : undefined, close: async () => undefined };
}
