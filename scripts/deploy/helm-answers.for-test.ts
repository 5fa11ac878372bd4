// What helm 3.16 and kubectl 1.31 answer about a release that is well.
import { wholeDatabase } from './compose-answers.for-test.ts';
import type { ScriptedAnswer } from './scripted-programs.for-test.ts';
import { serviceNames } from './target.ts';

const labels = (component: string) => ({
  'app.kubernetes.io/name': 'domainflow',
  'app.kubernetes.io/instance': 'domainflow',
  'app.kubernetes.io/component': component,
});

/** A Deployment as kubectl shows it; `ready` of two Pods. */
export function deployment(component: string, ready = 2): object {
  return {
    kind: 'Deployment',
    metadata: { name: `domainflow-${component}`, labels: labels(component) },
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ name: component, image: 'domainflow:0.1.0' }] } },
    },
    status: { replicas: 2, ...(ready > 0 && { readyReplicas: ready }) },
  };
}

/** The job as the cluster has it. */
export const initJob = {
  kind: 'Job',
  metadata: { name: 'domainflow-db-init', namespace: 'domainflow', uid: '7', labels: labels('db-init') },
  spec: {
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': '7' } },
    template: {
      metadata: {
        labels: { ...labels('db-init'), 'batch.kubernetes.io/controller-uid': '7', 'job-name': 'x' },
      },
      spec: {
        serviceAccountName: 'domainflow-db-init',
        restartPolicy: 'OnFailure',
        containers: [{ name: 'db-init', image: 'domainflow:0.1.0', args: ['db-init', '--seed'] }],
      },
    },
  },
  status: { succeeded: 1 },
};

const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

/** Answers of a release whose gateway is reached through this local port; those of a test go first. */
export function helmAnswers(port: string, own: readonly ScriptedAnswer[] = []): readonly ScriptedAnswer[] {
  const service = {
    kind: 'Service',
    metadata: { name: 'domainflow-gateway', labels: labels('gateway') },
    spec: { ports: [{ name: 'http', port: 80 }] },
  };
  const node = {
    status: { images: [{ names: ['docker.io/library/domainflow:0.1.0'], sizeBytes: 98_765_432 }] },
  };
  const status = { name: 'domainflow', info: { status: 'deployed' }, version: 1 };
  const log = `{"level":"info","msg":"Preparing"}\n`;
  return [
    ...own,
    { when: '^helm version --short$', stdout: 'v3.16.2+g13654a5\n' },
    { when: '^helm lint --strict k8s', stdout: '1 chart(s) linted, 0 chart(s) failed\n' },
    { when: '^helm template domainflow k8s' },
    { when: '^helm upgrade --install domainflow k8s', stdout: 'Release "domainflow" has been upgraded.\n' },
    { when: '^helm status domainflow --output json', stdout: JSON.stringify(status) },
    { when: '^kubectl version --client', stdout: '{"clientVersion":{"gitVersion":"v1.31.2"}}\n' },
    { when: '^kubectl --namespace domainflow auth can-i create deployments.apps', stdout: 'yes\n' },
    {
      when: '^kubectl --namespace domainflow get deployments ',
      stdout: list(serviceNames.map((name) => deployment(name))),
    },
    {
      when: '^kubectl --namespace domainflow get deployments,',
      stdout: list([...serviceNames.map((name) => deployment(name)), initJob]),
    },
    { when: '^kubectl get nodes ', stdout: list([node]) },
    { when: '^kubectl --namespace domainflow get jobs ', stdout: list([initJob]) },
    { when: '^kubectl --namespace domainflow get services ', stdout: list([service]) },
    { when: '^kubectl --namespace domainflow exec deployment/', stdout: 'v24.21.0\n' },
    {
      when: '^kubectl --namespace domainflow logs job/domainflow-db-init$',
      stdout: `${log}${JSON.stringify(wholeDatabase.init)}\n`,
    },
    {
      when: '^kubectl --namespace domainflow logs job/',
      stdout: `${JSON.stringify(wholeDatabase.verify, undefined, 2)}\n`,
    },
    {
      when: '^kubectl --namespace domainflow logs --selector ',
      stdout: '{"level":"info","msg":"Serving"}\n',
    },
    { when: '^kubectl --namespace domainflow create --filename -$', stdout: 'job.batch/x created\n' },
    { when: '^kubectl --namespace domainflow wait job/', stdout: 'condition met\n' },
    { when: '^kubectl --namespace domainflow delete job ', stdout: 'deleted\n' },
    {
      when: '^kubectl port-forward --namespace domainflow service/domainflow-gateway :80$',
      stdout: `Forwarding from 127.0.0.1:${port} -> 8080\nForwarding from [::1]:${port} -> 8080\n`,
      stays: true,
    },
  ];
}
