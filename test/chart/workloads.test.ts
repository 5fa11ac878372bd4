// What belongs together finds each other: Services and Pods, scalers and Deployments, identities and processes, jobs and the moment they run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { exampleOf, leastValues, type Manifest, renderChart } from './helm.for-test.ts';
import { named, ofKind, podsOf, processNames, selects } from './pods.for-test.ts';

const hook = 'helm.sh/hook';

describe('the objects of a release', () => {
  let least: readonly Manifest[];
  let production: readonly Manifest[];
  let aws: readonly Manifest[];
  let all: readonly (readonly Manifest[])[];

  beforeAll(async () => {
    const values = [leastValues, ...['production', 'trial', 'aws'].map(exampleOf)];
    all = await Promise.all(values.map((each) => renderChart(each)));
    [least = [], production = [], , aws = []] = all;
  });

  it('select the Pods that they mean, each by a selector of its own', () => {
    for (const objects of all) {
      const pods = podsOf(objects);
      const owners = (selector: object) => pods.filter(({ labels }) => selects(selector, labels)).length;
      for (const { spec } of ofKind(objects, 'Service')) expect(owners(spec.selector)).toBe(1);
      for (const kind of ['Deployment', 'StatefulSet', 'PodDisruptionBudget']) {
        for (const { spec } of ofKind(objects, kind)) expect(owners(spec.selector.matchLabels)).toBe(1);
      }
    }
  });

  it('name ports of Services that their Pods have', () => {
    for (const objects of all) {
      for (const { spec } of ofKind(objects, 'Service')) {
        const [pod] = podsOf(objects).filter(({ labels }) => selects(spec.selector, labels));
        const ports = pod?.spec.containers.flatMap(({ ports: own = [] }) => own.map(({ name }) => name));
        for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
      }
    }
  });

  it('leave the number of Pods to one of both: the Deployment, or its scaler', () => {
    for (const objects of all) {
      for (const name of processNames) {
        const scalers = ofKind(objects, 'HorizontalPodAutoscaler').filter(({ metadata }) =>
          metadata.name.endsWith(name),
        );
        const { replicas } = named(objects, 'Deployment', name).spec;
        expect([name, replicas === undefined]).toEqual([name, scalers.length === 1]);
        for (const { spec } of scalers) {
          expect(spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: `df-domainflow-${name}` });
          expect(spec.minReplicas).toBeLessThanOrEqual(spec.maxReplicas);
        }
      }
    }
  });

  it('scale by CPU, and orchestrator and agents by what is in flight where the values say so', () => {
    const metrics = (objects: readonly Manifest[], name: string) =>
      named(objects, 'HorizontalPodAutoscaler', name).spec.metrics.map(
        (it: { resource?: { name: string }; pods?: { metric: { name: string } } }) =>
          it.resource?.name ?? it.pods?.metric.name,
      );
    for (const name of processNames) expect(metrics(least, name)).toEqual(['cpu']);
    expect(metrics(production, 'orchestrator')).toEqual(['cpu', 'domainflow_engine_executions']);
    expect(metrics(production, 'agents')).toEqual(['cpu', 'domainflow_invocations_running']);
    expect(metrics(production, 'gateway')).toEqual(['cpu']);
  });

  it('take one Pod at a time from a node that is emptied, and never hold it up for good', () => {
    for (const objects of all) {
      const budgets = ofKind(objects, 'PodDisruptionBudget');
      expect(budgets).toHaveLength(processNames.length);
      for (const { spec } of budgets)
        expect([spec.maxUnavailable, spec.minAvailable, spec.unhealthyPodEvictionPolicy]).toEqual([
          1,
          undefined,
          'AlwaysAllow',
        ]);
    }
  });

  it('bring a new version before they take the old one away', () => {
    for (const name of processNames)
      expect(named(least, 'Deployment', name).spec.strategy.rollingUpdate).toEqual({
        maxSurge: 1,
        maxUnavailable: 0,
      });
  });

  it('give each process and job an identity of its own, to which a role of AWS can be bound', () => {
    const accounts = podsOf(aws)
      .filter(({ owner }) => !owner.startsWith('Pod '))
      .map(({ spec }) => String(spec.serviceAccountName));
    expect(new Set(accounts).size).toBe(processNames.length + 2);
    const roles = accounts.flatMap((account) => {
      const { annotations = {} } = named(
        aws,
        'ServiceAccount',
        account.replace('df-domainflow-', ''),
      ).metadata;
      return annotations['eks.amazonaws.com/role-arn'] ?? [];
    });
    // All but the gateway, which asks nothing of AWS.
    expect(new Set(roles).size).toBe(accounts.length - 1);
    const passwords = podsOf(aws).flatMap(({ spec }) =>
      spec.containers.flatMap(({ env = [] }) => env.filter(({ name }) => name.includes('PASSWORD'))),
    );
    expect(passwords).toEqual([]);
  });
});

describe('the jobs', () => {
  it('run before each install and upgrade, after their identity and policy, and are replaced', async () => {
    const objects = await renderChart(exampleOf('production'));
    for (const name of ['db-init', 'create-stores']) {
      const job = named(objects, 'Job', name);
      expect(job.metadata.annotations).toMatchObject({
        [hook]: 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      });
      const weight = (kind: string) =>
        Number(named(objects, kind, name).metadata.annotations?.['helm.sh/hook-weight']);
      for (const kind of ['ServiceAccount', 'NetworkPolicy'])
        expect(weight(kind)).toBeLessThan(weight('Job'));
      // db-init gives up by itself after 600 s.
      expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(600);
    }
    const [container] = podsOf([named(objects, 'Job', 'db-init')])[0]?.spec.containers ?? [];
    expect(container?.args).toEqual(['db-init', '--seed']);
  });

  it('run beside stores that the release itself brings, since before there are none: one for each revision', async () => {
    const objects = await renderChart(exampleOf('trial'));
    for (const name of ['db-init-1', 'create-stores-1'])
      expect(named(objects, 'Job', name).metadata.annotations?.[hook]).toBeUndefined();
    const [container] = podsOf([named(objects, 'Job', 'create-stores-1')])[0]?.spec.containers ?? [];
    expect(container?.args).toEqual([
      ...['create-stores', '--without', 'point-in-time-recovery', '--without', 'deletion-protection'],
      ...['--without', 'bucket'],
    ]);
    const [maker] = podsOf([named(objects, 'Job', 'make-bucket-1')])[0]?.spec.containers ?? [];
    expect(maker?.args).toEqual(['mb', '--ignore-existing', '--with-versioning', 'trial/domainflow-images']);
  });

  it('can be left to others', async () => {
    const none = await renderChart(leastValues, {
      jobs: { dbInit: { enabled: false }, createStores: { enabled: false } },
    });
    expect(ofKind(none, 'Job')).toEqual([]);
  });
});

describe('what is optional', () => {
  it('is a test that asks the gateway and every service, from inside', async () => {
    const pod = named(await renderChart(leastValues), 'Pod', 'test');
    expect(pod.metadata.annotations?.[hook]).toBe('test');
    const asked = pod.spec.containers.map(({ args }: { args: string[] }) => args.join(' '));
    expect(asked.sort()).toEqual(
      [
        'health-probe http://df-domainflow-gateway:80',
        ...processNames.slice(1).map((name) => `health-probe df-domainflow-${name}:50051`),
      ].sort(),
    );
  });

  it('is an Ingress, or an HTTPRoute without a limit of time, to the port of the gateway that serves REST', async () => {
    const gateway = named(await renderChart(exampleOf('aws')), 'Service', 'gateway');
    const [route] = ofKind(await renderChart(exampleOf('aws')), 'HTTPRoute');
    const [rule] = route?.spec.rules ?? [];
    expect(rule.backendRefs).toEqual([{ name: gateway.metadata.name, port: gateway.spec.ports[0].port }]);
    expect(rule.timeouts).toEqual({ request: '0s' });
    const [ingress] = ofKind(await renderChart(exampleOf('production')), 'Ingress');
    const [path] = ingress?.spec.rules[0].http.paths ?? [];
    expect(path.backend.service).toEqual({ name: gateway.metadata.name, port: { name: 'http' } });
    const least = await renderChart(leastValues);
    for (const kind of ['Ingress', 'HTTPRoute', 'ServiceMonitor', 'PrometheusRule', 'StatefulSet'])
      expect(ofKind(least, kind)).toEqual([]);
  });

  it('is a ServiceMonitor that finds the measurements of every process, by its name', async () => {
    const objects = await renderChart(exampleOf('production'));
    const [{ spec } = { spec: undefined }] = ofKind(objects, 'ServiceMonitor');
    expect(spec).toMatchObject({
      jobLabel: 'app.kubernetes.io/component',
      endpoints: [{ port: 'metrics', path: '/metrics' }],
    });
    const found = ofKind(objects, 'Service').filter(({ metadata }) =>
      selects(spec.selector.matchLabels, metadata.labels),
    );
    const measured = found.filter((service) =>
      service.spec.ports.some(({ name }: { name: string }) => name === 'metrics'),
    );
    expect(measured.map(({ metadata }) => metadata.name).sort()).toEqual(
      [...processNames].sort().map((name) => `df-domainflow-${name}`),
    );
    const alone = await renderChart(exampleOf('production'), { telemetry: { metricsPort: 0 } });
    const [monitor] = ofKind(alone, 'ServiceMonitor');
    expect(monitor?.spec.endpoints[0].port).toBe('http');
    expect(monitor?.spec.selector.matchLabels['app.kubernetes.io/component']).toBe('gateway');
  });

  it('is a PrometheusRule with the alerts of the platform, word by word', async () => {
    const root = join(import.meta.dirname, '../..');
    const alerts = readFileSync(join(root, 'deploy/observability/alerts.yaml'), 'utf8');
    const copy = readFileSync(join(root, 'k8s/files/alerts.yaml'), 'utf8');
    // Helm reads nothing outside of the chart: after a change copy the file.
    expect(copy).toBe(alerts);
    const [rule] = ofKind(await renderChart(exampleOf('production')), 'PrometheusRule');
    expect(rule?.spec).toEqual(parse(alerts));
  });

  it('has the version of the package', () => {
    const root = join(import.meta.dirname, '../..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(readFileSync(join(root, 'k8s/Chart.yaml'), 'utf8')).toContain(`appVersion: "${version}"`);
  });
});
