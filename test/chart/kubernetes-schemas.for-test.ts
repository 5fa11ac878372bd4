// Holds objects against the schemas of Kubernetes, the Prometheus operator and the Gateway API: values by the validators that are compiled
// from their OpenAPI documents, and fields that do not exist, which those let pass, by the types that are made from the same documents.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from './helm.for-test.ts';

const root = join(import.meta.dirname, '../..');

interface Model {
  validate(): void;
}

type ModelClass = new (data: object) => Model;

/** Where the model of a group is; the core group of Kubernetes has no name. */
function modelModule(apiVersion: string): string {
  if (apiVersion.startsWith('monitoring.coreos.com/'))
    return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  if (apiVersion.startsWith('gateway.networking.k8s.io/'))
    return `@kubernetes-models/gateway-api/${apiVersion}`;
  return `kubernetes-models/${apiVersion}`;
}

/** What is wrong with the values of an object; empty when nothing is. Throws for a kind that nobody knows. */
export async function valueProblems(object: Manifest): Promise<readonly string[]> {
  const module = `${modelModule(object.apiVersion)}/${object.kind}`;
  const models = (await import(module)) as Readonly<Record<string, ModelClass>>;
  const Kind = models[object.kind];
  if (!Kind) throw new Error(`${module} has no ${object.kind}`);
  try {
    new Kind(object).validate();
    return [];
  } catch (error) {
    return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`];
  }
}

/** Fields that do not exist, and values of another type, in the compiler's words; empty when there are none. */
export async function typeProblems(objects: readonly Manifest[]): Promise<string> {
  // In the checkout, since types are looked for in the folders above.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'domainflow-manifests-'));
  try {
    await writeFile(join(folder, 'manifests.ts'), typedSource(objects));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(compilerSettings));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '--project', folder, '--pretty', 'false']);
    return '';
  } catch (error) {
    const { stdout, message } = error as { stdout?: string; message: string };
    return stdout || message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const compilerSettings = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], target: 'es2023' },
    ...{ module: 'nodenext', moduleResolution: 'nodenext' },
  },
  files: ['manifests.ts'],
};

/** Each object as a literal of its type: of a literal, the compiler refuses what the type does not have, however deep. */
function typedSource(objects: readonly Manifest[]): string {
  const lines = objects.map((object, index) => {
    const type = `import('${modelModule(object.apiVersion)}/${object.kind}').I${object.kind}`;
    return `// ${object.kind} ${object.metadata.name}\nexport const object${index}: ${type} = ${JSON.stringify(object)};`;
  });
  return lines.join('\n');
}
