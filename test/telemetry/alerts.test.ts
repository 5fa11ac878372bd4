// Rules and dashboard are held against what the platform measures, the thresholds of the specification and the runbooks.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../../foundation/telemetry/metrics.ts';
import { readMetricTable } from './metric-table.for-test.ts';
import { metricNamesOf, metricOfSeries } from './promql.for-test.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
const file = parse(read('observability/alerts.yaml'), { strict: true, uniqueKeys: true });
const groups: readonly { name: string; rules: readonly Rule[] }[] = file.groups;
const rules = groups.flatMap((group) => group.rules);
const dashboard: { readonly title: string; readonly panels: readonly Panel[] } = JSON.parse(
  read('observability/dashboard.json'),
);
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** What Prometheus knows of the platform: our measurements, those of every process, and `up`, which is its own. */
async function knownMetrics(): Promise<ReadonlySet<string>> {
  const ofProcess = await createMetrics({ processMetrics: true }).getMetricsAsJSON();
  return new Set([...readMetricTable().map(({ name }) => name), ...ofProcess.map(({ name }) => name), 'up']);
}

async function unknownIn(texts: readonly string[]): Promise<readonly string[]> {
  const known = await knownMetrics();
  const named = texts.flatMap((text) => metricNamesOf(text).map(metricOfSeries));
  return [...new Set(named)].filter((name) => !known.has(name));
}

describe('the rules of alerts', () => {
  it('have the form that Prometheus reads', () => {
    expect(Object.keys(file)).toEqual(['groups']);
    for (const rule of rules) {
      const { for: duration = '1m', labels, annotations } = rule;
      const keys = Object.keys(rule).filter((key) => key !== 'for');
      expect([rule.alert, keys]).toEqual([rule.alert, ['alert', 'expr', 'labels', 'annotations']]);
      expect(rule.alert).toMatch(/^DomainFlow[A-Z]\w+$/);
      expect(duration).toMatch(/^\d+m$/);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('name measurements that the platform has', async () => {
    expect(await unknownIn(rules.map(({ expr }) => expr))).toEqual([]);
  });

  it('have the thresholds of the specification', () => {
    const thresholds = Object.fromEntries(
      rules.map(({ alert, expr, labels }) => [
        alert,
        [labels.severity, /[<>] ([\d.]+)\s*(and|or|$)/m.exec(expr)?.[1]],
      ]),
    );
    expect(thresholds).toMatchObject({
      DomainFlowErrorRateHigh: ['critical', '0.05'],
      DomainFlowServerErrors: ['critical', '0.01'],
      DomainFlowTimeouts: ['critical', '0.01'],
      DomainFlowOrchestratorTimeouts: ['critical', '0.1'],
      DomainFlowDatabaseConnectionFailed: ['critical', '0'],
      DomainFlowThrottled: ['critical', '0'],
      DomainFlowSlow: ['warning', '25'],
      DomainFlowLatencyHigh: ['warning', '2'],
      DomainFlowCpuHigh: ['warning', '0.8'],
      DomainFlowCapacityHigh: ['warning', '0.8'],
    });
  });

  it('are in the list of the page, each with a runbook', () => {
    const listed = [...read('observability/README.md').matchAll(/^\| `(DomainFlow\w+)` \| (\w+) \|/gm)];
    expect(rules.map(({ alert, labels }) => `${alert} ${labels.severity}`)).toEqual(
      listed.map(([, alert, severity]) => `${alert} ${severity}`),
    );
    const runbooks = read('operations/runbooks.md');
    const headings = [...runbooks.matchAll(/^## (DomainFlow\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, annotations } of rules)
      expect(annotations.runbook_url).toBe(`deploy/operations/runbooks.md#${alert.toLowerCase()}`);
  });
});

describe('the dashboard', () => {
  it('shows measurements that the platform has, and all that it counts', async () => {
    expect(await unknownIn(expressions)).toEqual([]);
    const shown = new Set(
      [...expressions, ...rules.map(({ expr }) => expr)].flatMap(metricNamesOf).map(metricOfSeries),
    );
    const groupsShown = [
      'http',
      'rpc',
      'engine',
      'work',
      'model',
      'tenant',
      'db',
      'dynamodb',
      'breaker',
      'invocations',
    ];
    for (const group of groupsShown)
      expect([group, [...shown].some((name) => name.startsWith(`domainflow_${group}_`))]).toEqual([
        group,
        true,
      ]);
  });

  it('has panels with a title and a query each, none over another', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = new Set<string>();
    for (const { type, title, targets = [], gridPos } of dashboard.panels) {
      expect([title, type === 'row' || targets.length > 0]).toEqual([title, true]);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([title, cells.has(`${x} ${y}`)]).toEqual([title, false]);
          cells.add(`${x} ${y}`);
        }
    }
  });
});

describe('an expression', () => {
  it('is refused when it is none, and known by its names otherwise', () => {
    expect(() => metricNamesOf('sum(rate(up[5m])')).toThrow(/No PromQL/);
    expect(metricNamesOf('sum by (a) (rate(b_total{c="d"}[$__rate_interval])) / on (e) f')).toEqual([
      'b_total',
      'f',
    ]);
  });
});
