// NetworkPolicies equal what the code calls: services by the settings that name targets, places outside by what a process is for.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exampleOf, leastValues, type Manifest, renderChart } from './helm.for-test.ts';
import { ownerOf, standingPolicies, waysIn, waysOut } from './network-edges.for-test.ts';
import { podsOf, processNames, selects } from './pods.for-test.ts';
import { reads, settingsTable } from './settings-table.for-test.ts';

const dns = 'namespace kube-system:53';

/** Who calls whom, by the settings that name targets. Orchestrators tell each other's addresses through their database. */
function calls(): readonly string[] {
  const byTarget = [...settingsTable()].flatMap(([name, row]) => {
    const [, service] = /^([A-Z]+)_TARGET$/.exec(name) ?? [];
    const callers = service === undefined ? [] : processNames.filter((process) => reads(row, process));
    return callers.map((caller) => `${caller} -> ${service?.toLowerCase()}:50051`);
  });
  return [...byTarget, 'orchestrator -> orchestrator:50051'].sort();
}

/** Which process needs which place outside, with the places of the example for production. */
const outside = {
  'namespace databases:5432': ['registry', 'reports', 'orchestrator', 'db-init'],
  'namespace stores:8043': ['reports', 'sessions', 'create-stores'],
  'namespace stores:9443': ['reports', 'agents', 'create-stores'],
  '192.0.2.10/32:443': ['gateway'],
  'namespace events:443': ['orchestrator'],
  'namespace observability:4318': [...processNames],
  '0.0.0.0/0:443': ['agents'],
  '::/0:443': ['agents'],
  [dns]: [...processNames, 'db-init', 'create-stores'],
};

describe('NetworkPolicies', () => {
  let least: readonly Manifest[];
  let production: readonly Manifest[];
  let trial: readonly Manifest[];
  let aws: readonly Manifest[];

  beforeAll(async () => {
    const values = [leastValues, ...['production', 'trial', 'aws'].map(exampleOf)];
    [least = [], production = [], trial = [], aws = []] = await Promise.all(
      values.map((each) => renderChart(each)),
    );
  });

  it('let services be called by those whose settings name them, at both ends, and by nobody else', () => {
    for (const objects of [least, production, trial, aws]) {
      const out = waysOut(objects).filter((edge) => edge.endsWith(':50051'));
      const into = waysIn(objects).filter((edge) => edge.endsWith(':50051'));
      expect([...out].sort()).toEqual(calls());
      expect([...into].sort()).toEqual(calls());
    }
  });

  it('let each process reach the places that it is for, and no other', () => {
    const expected = Object.entries(outside).flatMap(([place, callers]) =>
      callers.map((caller) => `${caller} -> ${place}`),
    );
    const out = waysOut(production).filter((edge) => !edge.endsWith(':50051'));
    expect([...out].sort()).toEqual([...expected].sort());
  });

  it('let agents alone reach the internet, without private networks and the addresses of clouds for their machines', () => {
    const open = (objects: readonly Manifest[]) =>
      waysOut(objects).filter((edge) => /-> (?:0\.0\.0\.0|::)\/0/.test(edge));
    for (const objects of [least, production, trial])
      expect(open(objects)).toEqual(['agents -> 0.0.0.0/0:443', 'agents -> ::/0:443']);
    // The issuer of that example has no fixed addresses.
    expect(open(aws).filter((edge) => !edge.startsWith('agents'))).toEqual(['gateway -> 0.0.0.0/0:443']);
    const blocks = standingPolicies(aws)
      .flatMap(({ spec }) => spec.egress.flatMap(({ to = [] }) => to))
      .filter(({ ipBlock }) => ipBlock?.cidr === '0.0.0.0/0');
    for (const { ipBlock } of blocks)
      expect(ipBlock.except).toEqual(
        expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '192.168.0.0/16']),
      );
  });

  it('let agents reach AWS wherever a way to it is named, for models and tools there', async () => {
    const to = [{ ipBlock: { cidr: '192.0.2.20/32' } }];
    const objects = await renderChart(exampleOf('production'), { networkPolicy: { aws: { to } } });
    expect(waysOut(objects).filter((edge) => edge.includes('192.0.2.20'))).toEqual([
      'agents -> 192.0.2.20/32:443',
    ]);
  });

  it('let the stores of a trial be reached by those who have data there alone', () => {
    const into = (port: number) =>
      waysIn(trial)
        .filter((edge) => edge.endsWith(`:${port}`))
        .sort();
    expect(into(5432)).toEqual(
      ['db-init', 'orchestrator', 'registry', 'reports'].map((name) => `${name} -> postgresql:5432`),
    );
    expect(into(8000)).toEqual(
      ['create-stores', 'reports', 'sessions'].map((name) => `${name} -> dynamodb:8000`),
    );
    // Clients put and see images there themselves.
    expect(into(9000)).toEqual(['* -> minio:9000']);
    const stores = waysOut(trial)
      .filter((edge) => /:(?:5432|8000|4318)$/.test(edge))
      .sort();
    expect(stores).toEqual([...into(5432), ...into(8000), ...into(4318)].sort());
    expect(waysOut(trial).filter((edge) => /^(?:postgresql|dynamodb|minio|jaeger) /.test(edge))).toEqual([]);
  });

  it('are there for every Pod, both ways, but for the one of a test', () => {
    for (const objects of [least, production, trial, aws]) {
      const policies = standingPolicies(objects);
      for (const { owner, labels } of podsOf(objects).filter(({ owner: it }) => !it.startsWith('Pod '))) {
        const held = policies.filter(({ spec }) => selects(spec.podSelector.matchLabels, labels));
        expect([owner, ...held.map(({ spec }) => spec.policyTypes)]).toEqual([owner, ['Ingress', 'Egress']]);
      }
    }
  });

  it('let a test ask every process while it runs', () => {
    const during = least.filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.annotations?.['helm.sh/hook'] === 'test',
    );
    expect(during.map(({ spec }) => ownerOf(spec)).sort()).toEqual([...processNames].sort());
    for (const { metadata } of during)
      expect(metadata.annotations?.['helm.sh/hook-delete-policy']).toContain('hook-succeeded,hook-failed');
  });

  it('let the gateway be reached from anywhere, or from where the values say', () => {
    const toGateway = (objects: readonly Manifest[]) =>
      waysIn(objects).filter((edge) => edge.includes('-> gateway:'));
    expect(toGateway(least)).toEqual(['* -> gateway:8080']);
    expect(toGateway(production)).toEqual([
      'namespace ingress -> gateway:8080',
      'namespace ingress -> gateway:50052',
      'namespace observability -> gateway:9464',
    ]);
    const measured = waysIn(production).filter((edge) => edge.endsWith(':9464'));
    expect([...measured].sort()).toEqual(
      [...processNames].sort().map((name) => `namespace observability -> ${name}:9464`),
    );
    expect(waysIn(least).filter((edge) => edge.endsWith(':9464'))).toEqual([]);
  });
});
