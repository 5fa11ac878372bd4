// A trace becomes one tree; what is lost is told apart from what a caller outside began.
import { describe, expect, it } from '@jest/globals';
import type { TraceSpan } from './trace-span.ts';
import { buildTraceTree, renderTraceTree } from './trace-tree.ts';

function span(
  spanId: string,
  parentSpanId: string | null,
  startMs: number,
  changes: Partial<TraceSpan> = {},
): TraceSpan {
  return {
    traceId: 't',
    spanId,
    parentSpanId,
    name: `span ${spanId}`,
    kind: 'internal',
    service: 'gateway',
    startMs,
    durationMs: 1,
    attributes: {},
    status: 'unset',
    ...changes,
  };
}

const ids = (nodes: readonly { span: TraceSpan }[]): string[] => nodes.map((node) => node.span.spanId);

describe('a trace tree', () => {
  it('orders children by start whatever the order of arrival', () => {
    const { roots, orphans } = buildTraceTree([span('c', 'a', 3), span('b', 'a', 2), span('a', null, 1)]);
    expect(ids(roots)).toEqual(['a']);
    expect(ids(roots[0]?.children ?? [])).toEqual(['b', 'c']);
    expect(orphans).toEqual([]);
  });

  it('takes spans of a remote caller for roots, not orphans', () => {
    const { roots, orphans } = buildTraceTree([
      span('a', 'remote', 1),
      span('b', 'remote', 2),
      span('c', 'a', 3),
    ]);
    expect(ids(roots)).toEqual(['a', 'b']);
    expect(orphans).toEqual([]);
  });

  it('names a subtree whose parent is missing an orphan', () => {
    const whole = buildTraceTree([span('a', null, 1), span('b', 'lost', 0), span('c', 'b', 2)]);
    expect(ids(whole.orphans)).toEqual(['b']);
    expect(ids(whole.orphans[0]?.children ?? [])).toEqual(['c']);
    const remote = buildTraceTree([span('a', 'remote', 1), span('b', 'lost', 2)]);
    expect(ids(remote.roots)).toEqual(['a']);
    expect(ids(remote.orphans)).toEqual(['b']);
  });

  it('is empty for no spans', () => {
    expect(renderTraceTree(buildTraceTree([]))).toBe('');
  });

  it('is drawn with branches, durations and failed spans', () => {
    const failed: Partial<TraceSpan> = { status: 'error', attributes: { 'error.type': 'unavailable' } };
    const text = renderTraceTree(
      buildTraceTree([
        span('a', null, 1, { name: 'POST /reports', durationMs: 12.34 }),
        span('b', 'a', 2, { name: 'Submit', service: 'orchestrator', durationMs: 8 }),
        span('c', 'b', 3, { name: 'insert', service: 'orchestrator' }),
        span('d', 'a', 4, { name: 'Get', service: 'registry', ...failed }),
        span('x', 'lost', 5, { name: 'late' }),
      ]),
    );
    expect(text.split('\n')).toEqual([
      'gateway       POST /reports       12.3 ms',
      'orchestrator  ├─ Submit            8.0 ms',
      'orchestrator  │  └─ insert         1.0 ms',
      'registry      └─ Get               1.0 ms  ✗ unavailable',
      'spans whose parent is missing (1):',
      'gateway       late                 1.0 ms',
    ]);
  });
});
