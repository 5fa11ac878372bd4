// The chart is what helm takes without complaint and what Kubernetes knows: for the least values and for every example.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { chartDir, exampleOf, leastValues, lintChart, type Manifest, renderChart } from './helm.for-test.ts';
import { typeProblems, valueProblems } from './kubernetes-schemas.for-test.ts';

const examples = readdirSync(join(chartDir, 'examples')).map((file) => file.replace(/\.yaml$/, ''));
const everyPart = {
  ...leastValues,
  serviceMonitor: { enabled: true },
  prometheusRule: { enabled: true },
  ingress: { enabled: true, hosts: ['api.example.org'] },
  httpRoute: { enabled: true, parentRefs: [{ name: 'public' }], hostnames: ['api.example.org'] },
};

describe('helm', () => {
  it('has nothing to complain about in strict mode, without values, with the least ones and with every example', async () => {
    expect(examples).toEqual(expect.arrayContaining(['aws', 'production', 'trial']));
    const lints = [[], [leastValues], ...examples.map((name) => [exampleOf(name)])];
    const said = await Promise.all(lints.map((values) => lintChart(...values)));
    for (const text of said) expect(text).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(said.join('')).not.toMatch(/\[(?:WARNING|ERROR)\]/);
  });
});

describe('every object', () => {
  it('is valid by the schemas of Kubernetes, and has no field that they do not', async () => {
    const sets = [everyPart, ...examples.map(exampleOf)];
    const objects = (await Promise.all(sets.map((values) => renderChart(values)))).flat();
    const problems = await Promise.all(objects.map(valueProblems));
    expect(problems.flat()).toEqual([]);
    expect(await typeProblems(objects)).toBe('');
    expect(new Set(objects.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
  });

  it('is found out otherwise: a wrong field, a wrong value, a missing one', async () => {
    const [deployment] = (await renderChart(leastValues)).filter(({ kind }) => kind === 'Deployment');
    const changed = (change: (spec: Manifest['spec']) => void): Manifest => {
      const copy = structuredClone(deployment as Manifest);
      change(copy.spec);
      return copy;
    };
    const wrongField = changed((spec) => {
      spec.template.spec.containers[0].readynessProbe = {};
    });
    const wrongValue = changed((spec) => {
      spec.template.spec.containers[0].ports[0].containerPort = 'http';
    });
    const missing = changed((spec) => {
      delete spec.selector;
    });
    expect(await typeProblems([wrongField])).toContain('readynessProbe');
    expect((await valueProblems(wrongValue)).join()).toContain('containerPort');
    expect((await valueProblems(missing)).join()).toContain('selector');
  });

  it('has a name that no other object of its kind has', async () => {
    const objects = await renderChart(everyPart);
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
