// A job that runs db-verify where the release's db-init ran: with its image, its logins and its way through the network.
import { randomBytes } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

/** Seconds after which the cluster removes it, should nobody else. */
const keepS = 600;

/** The job, made of that of db-init as Kubernetes has it, without what belongs to that one alone. */
export function verifyJobOf(initJob: Json): { readonly name: string; readonly manifest: Json } {
  const metadata: Json = Object(initJob.metadata);
  const spec: Json = Object(initJob.spec);
  const template: Json = Object(spec.template);
  const podSpec: Json = Object(template.spec);
  const containers: readonly Json[] = (podSpec.containers as readonly Json[] | undefined) ?? [];
  const suffix = randomBytes(3).toString('hex');
  const name = `${String(metadata.name).slice(0, 45)}-verify-${suffix}`;
  const labels = ownLabels(Object(Object(template.metadata).labels));
  const manifest = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    // Its Pod has the labels by which networks know db-init; the job itself is not to be taken for that.
    metadata: { name, namespace: metadata.namespace },
    spec: {
      ...{ backoffLimit: 0, ttlSecondsAfterFinished: keepS, activeDeadlineSeconds: keepS },
      template: {
        metadata: { labels },
        spec: {
          ...podSpec,
          restartPolicy: 'Never',
          containers: containers.map((container) => ({ ...container, args: ['db-verify'] })),
        },
      },
    },
  };
  return { name, manifest };
}

// Kubernetes adds labels that bind a Pod to its job.
function ownLabels(labels: Json): Json {
  const isBound = (key: string): boolean =>
    /^(?:batch\.kubernetes\.io\/)?(?:controller-uid|job-name)$/.test(key);
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isBound(key)));
}
