// What NetworkPolicies say, as edges between components: who may go where, and who may come from where.
import type { Manifest } from './helm.for-test.ts';
import { ofKind } from './pods.for-test.ts';

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

const component = 'app.kubernetes.io/component';

/** The policies that are in force all the time: not those of a test that runs. */
export function standingPolicies(objects: readonly Manifest[]): readonly Manifest[] {
  return ofKind(objects, 'NetworkPolicy').filter(
    ({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== 'test',
  );
}

/** `from -> to:port` for each way out that a policy opens. Peers outside the release are called by namespace or network. */
export function waysOut(objects: readonly Manifest[]): readonly string[] {
  return standingPolicies(objects).flatMap(({ spec }) =>
    edges(spec.egress).map((peer) => `${ownerOf(spec)} -> ${peer}`),
  );
}

/** The same of each way in, from the side of whom is come to; everyone is called `*`. */
export function waysIn(objects: readonly Manifest[]): readonly string[] {
  return standingPolicies(objects).flatMap(({ spec }) =>
    (spec.ingress as readonly Rule[]).flatMap(({ from, ports }) =>
      (from ?? [{}]).flatMap((peer) =>
        ports.map(({ port }) => `${nameOf(peer)} -> ${ownerOf(spec)}:${port}`),
      ),
    ),
  );
}

/** The component whose Pods a policy is about. */
export function ownerOf(spec: Manifest['spec']): string {
  return spec.podSelector.matchLabels[component];
}

function edges(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ to = [], ports }) =>
    to.flatMap((peer) =>
      ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => `${nameOf(peer)}:${port}`),
    ),
  );
}

function nameOf({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (podSelector) return podSelector.matchLabels[component] ?? 'any Pod';
  if (namespaceSelector)
    return `namespace ${namespaceSelector.matchLabels['kubernetes.io/metadata.name'] ?? 'any'}`;
  return ipBlock?.cidr ?? '*';
}
