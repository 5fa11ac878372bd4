// What the tests of the chart ask of rendered objects: their Pods, and the objects of one kind or name.
import type { Manifest } from './helm.for-test.ts';

/** A container as far as tests look at it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentEntry[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: { readonly requests?: object; readonly limits?: Readonly<Record<string, string>> };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

/** A probe. */
export interface Probe {
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly httpGet?: { readonly path: string; readonly port: string };
}

/** One environment variable. */
export interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

/** A Pod, or what Pods are made from. */
export interface PodTemplate {
  /** Kind and name of the object that has it. */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly securityContext?: Readonly<Record<string, unknown>>;
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly topologySpreadConstraints?: readonly {
      readonly labelSelector: { readonly matchLabels: object };
    }[];
    readonly volumes?: readonly Volume[];
  };
}

/** A volume as far as tests look at it. */
export interface Volume {
  readonly name: string;
  readonly projected?: {
    readonly defaultMode: number;
    readonly sources: readonly {
      readonly secret: {
        readonly name: string;
        readonly items: readonly { readonly key: string; readonly path: string }[];
      };
    }[];
  };
}

/** The processes of a deployment. */
export const processNames = ['gateway', 'registry', 'reports', 'sessions', 'agents', 'orchestrator'] as const;

/** One of `processNames`. */
export type ProcessName = (typeof processNames)[number];

/** Every object of a kind. */
export function ofKind(objects: readonly Manifest[], kind: string): readonly Manifest[] {
  return objects.filter((object) => object.kind === kind);
}

/** The one object of a kind and a name, without the release before it. Throws when there is none. */
export function named(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = ofKind(objects, kind).find(({ metadata }) => metadata.name === `df-domainflow-${name}`);
  if (!found) throw new Error(`There is no ${kind} df-domainflow-${name}`);
  return found;
}

/** Every Pod that the objects bring about. */
export function podsOf(objects: readonly Manifest[]): readonly PodTemplate[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const owner = `${kind} ${metadata.name}`;
    if (kind === 'Pod') return [{ owner, labels: metadata.labels, spec }];
    return spec?.template?.spec
      ? [{ owner, labels: spec.template.metadata.labels, spec: spec.template.spec }]
      : [];
  });
}

/** The Pods of a process and the container in them. */
export function processPod(objects: readonly Manifest[], name: ProcessName) {
  const [pod] = podsOf([named(objects, 'Deployment', name)]);
  const [container] = pod?.spec.containers ?? [];
  if (!pod || !container) throw new Error(`The process ${name} has no container`);
  return { pod, container };
}

/** True when every label of the selector is on the object. */
export function selects(selector: object, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
