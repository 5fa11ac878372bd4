// PromQL by Prometheus' own grammar: whether an expression is one, and which measurements it names.
import { parser } from '@prometheus-io/lezer-promql';

/** The names of an expression's measurements. Throws for what is no PromQL. Variables of Grafana's intervals count as an hour. */
export function metricNamesOf(expression: string): readonly string[] {
  const text = expression.replaceAll(/\$__\w+/g, '1h');
  const names = new Set<string>();
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError)
        throw new Error(`No PromQL at ${from}: ${text.slice(Math.max(0, from - 20), to + 20)}`);
      if (type.name === 'Identifier' && node.parent?.type.name === 'VectorSelector')
        names.add(text.slice(from, to));
    },
  });
  return [...names];
}

/** The measurement that a series belongs to: histograms have three for each. */
export function metricOfSeries(name: string): string {
  return name.startsWith('domainflow_') ? name.replace(/_(bucket|count|sum)$/, '') : name;
}
