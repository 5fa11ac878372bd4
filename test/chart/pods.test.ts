// Every Pod of the chart: what it may do on its node, how it is asked for its health, and how long it has to end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { closeStepTimeoutMs } from '../../foundation/process/closing.ts';
import { startStopTimeoutMs } from '../../foundation/process/run.ts';
import { resolveIntervalMs } from '../../foundation/rpc/addresses.ts';
import { livenessName } from '../../foundation/rpc/health-service.ts';
import { exampleOf, leastValues, type Manifest, renderChart } from './helm.for-test.ts';
import {
  ofKind,
  type PodTemplate,
  type ProcessName,
  podsOf,
  processNames,
  processPod,
} from './pods.for-test.ts';

/** How long the process of a house closes at most, as its `main.ts` says it. */
function closeMs(name: ProcessName): number {
  const house = name === 'gateway' ? 'gateway' : `services/${name}`;
  const text = readFileSync(join(import.meta.dirname, '../..', house, 'main.ts'), 'utf8');
  const [, timeout] = /timeoutMs: ([\d_]+)/.exec(text) ?? [];
  return timeout === undefined ? closeStepTimeoutMs : Number(timeout.replaceAll('_', ''));
}

describe('every Pod', () => {
  let objects: readonly Manifest[];
  let pods: readonly PodTemplate[];

  beforeAll(async () => {
    const values = [leastValues, ...['production', 'trial', 'aws'].map(exampleOf)];
    objects = (await Promise.all(values.map((each) => renderChart(each)))).flat();
    pods = podsOf(objects);
  });

  it('is of a process, a job, a test or a part for trials, and there are all of them', () => {
    const owners = new Set(pods.map(({ owner }) => owner.split(' ')[0]));
    expect([...owners].sort()).toEqual(['Deployment', 'Job', 'Pod', 'StatefulSet']);
    expect(pods.length).toBeGreaterThanOrEqual(4 * (processNames.length + 3) + 4);
  });

  it('runs as nobody in particular: not root, nothing to gain, a read-only root and the filter of system calls', () => {
    for (const { owner, spec } of pods) {
      expect([owner, spec.securityContext]).toEqual([
        owner,
        expect.objectContaining({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }),
      ]);
      expect(spec.securityContext?.runAsUser).toBeGreaterThan(0);
      expect(spec.initContainers ?? []).toEqual([]);
      for (const { securityContext } of spec.containers)
        expect([owner, securityContext]).toEqual([
          owner,
          {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        ]);
    }
  });

  it('has no token for the API of Kubernetes, and nothing of its node', () => {
    for (const { owner, spec } of pods) {
      expect([owner, spec.automountServiceAccountToken]).toEqual([owner, false]);
      expect(JSON.stringify(spec)).not.toMatch(/hostPath|hostNetwork|hostPID|hostIPC|hostPort|"privileged"/);
    }
    for (const account of ofKind(objects, 'ServiceAccount'))
      expect(account).toMatchObject({ automountServiceAccountToken: false });
  });

  it('says what it needs, is held to its memory, and to no CPU', () => {
    for (const { spec } of pods) {
      for (const { resources } of spec.containers) {
        expect(resources?.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
        expect(Object.keys(resources?.limits ?? {})).toEqual(['memory']);
      }
    }
  });

  it('may write to /tmp, and reads secrets as files of its group alone', () => {
    for (const { spec } of pods) {
      for (const { volumeMounts } of spec.containers)
        expect(volumeMounts).toEqual(expect.arrayContaining([{ name: 'tmp', mountPath: '/tmp' }]));
      for (const { projected } of spec.volumes ?? [])
        if (projected) expect(projected.defaultMode).toBe(0o440);
    }
  });

  it('gets secrets by reference: the chart makes none, and no value of a setting is one', () => {
    expect(ofKind(objects, 'Secret')).toEqual([]);
    expect(objects.filter(({ data, stringData }) => data !== undefined || stringData !== undefined)).toEqual(
      [],
    );
    const plain = pods.flatMap(({ spec }) =>
      spec.containers.flatMap(({ env = [] }) => env.filter(({ value }) => value !== undefined)),
    );
    const secret = /(?:_KEY|_KEYS|PASSWORD|SECRET_ACCESS_KEY|ACCESS_KEY_ID|AUTHORIZATION|DATABASE_URL)$/;
    expect(plain.filter(({ name }) => secret.test(name))).toEqual([]);
    const processes = pods.filter(({ labels }) =>
      [...processNames, 'db-init', 'create-stores'].includes(String(labels['app.kubernetes.io/component'])),
    );
    const shown = processes.flatMap(({ spec }) =>
      spec.containers.flatMap(({ env = [] }) => env.filter(({ valueFrom }) => valueFrom?.secretKeyRef)),
    );
    // The rest are files. An access key's id has no setting for one.
    expect(new Set(shown.map(({ name }) => name))).toEqual(new Set(['OBJECTS_ACCESS_KEY_ID']));
  });

  it('runs the one image, under one tag, unless it is a part for trials', () => {
    const images = (values: readonly Manifest[]) =>
      podsOf(values)
        .filter(({ owner }) => !/-(?:postgresql|dynamodb|minio|jaeger|make-bucket-1)$/.test(owner))
        .flatMap(({ spec }) => spec.containers.map(({ image }) => image));
    expect(new Set(images(objects))).toEqual(
      new Set([
        'domainflow:0.1.0',
        `registry.example.org/domainflow:0.1.0@sha256:${'0'.repeat(64)}`,
        '123456789012.dkr.ecr.eu-central-1.amazonaws.com/domainflow:0.1.0',
      ]),
    );
  });
});

describe('the Pod of a process', () => {
  let objects: readonly Manifest[];

  beforeAll(async () => {
    objects = await renderChart(leastValues);
  });

  it('runs what its name says', () => {
    for (const name of processNames) expect(processPod(objects, name).container.args).toEqual([name]);
  });

  it('is ready when its stores are, and alive when it answers: a restart would bring no database back', () => {
    for (const name of processNames.filter((each) => each !== 'gateway')) {
      const { readinessProbe, livenessProbe, startupProbe, ports } = processPod(objects, name).container;
      expect(ports?.map(({ containerPort }) => containerPort)).toEqual([50_051, 9_464]);
      expect(readinessProbe?.grpc).toEqual({ port: 50_051 });
      for (const probe of [livenessProbe, startupProbe])
        expect(probe?.grpc).toEqual({ port: 50_051, service: livenessName });
    }
    const { readinessProbe, livenessProbe, startupProbe } = processPod(objects, 'gateway').container;
    expect(readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    for (const probe of [livenessProbe, startupProbe])
      expect(probe?.httpGet).toEqual({ path: '/health/live', port: 'http' });
  });

  it('waits before it ends until callers know, and then has all the time that it may need', () => {
    for (const name of processNames) {
      const { pod, container } = processPod(objects, name);
      const waitsMs = Number(container.lifecycle?.preStop?.sleep?.seconds) * 1_000;
      // Names are resolved again after the interval and up to a fifth of it more.
      expect(waitsMs).toBeGreaterThan(resolveIntervalMs * 1.2);
      const graceMs = Number(pod.spec.terminationGracePeriodSeconds) * 1_000;
      expect(graceMs).toBeGreaterThanOrEqual(waitsMs + startStopTimeoutMs + closeMs(name));
      expect(graceMs).toBeLessThanOrEqual(waitsMs + startStopTimeoutMs + closeMs(name) + 30_000);
    }
    expect(closeMs('orchestrator')).toBe(25_000);
  });

  it('grows its time to end with the time that it waits', async () => {
    const slow = await renderChart(leastValues, { services: { agents: { preStopSeconds: 60 } } });
    expect(processPod(slow, 'agents').pod.spec.terminationGracePeriodSeconds).toBe(95);
  });

  it('is spread over zones and nodes by its own labels', () => {
    for (const name of processNames) {
      const { pod } = processPod(objects, name);
      const spread = pod.spec.topologySpreadConstraints ?? [];
      expect(spread).toHaveLength(2);
      for (const { labelSelector } of spread) expect(pod.labels).toMatchObject(labelSelector.matchLabels);
    }
  });
});
