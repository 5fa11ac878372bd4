// A trace as a tree and as text for a terminal. Pure; it reads nothing and prints nothing.
import type { TraceSpan } from './trace-span.ts';

/** A span with what it called, by start time. */
export interface TraceNode {
  readonly span: TraceSpan;
  readonly children: readonly TraceNode[];
}

/** A trace by who called whom. */
export interface TraceTree {
  /** Spans that began the trace here: without a parent, or called by a remote parent that this trace never shows. */
  readonly roots: readonly TraceNode[];
  /** Subtrees whose parent should be in the trace and is not: it was lost, or is still open. Empty in a whole trace. */
  readonly orphans: readonly TraceNode[];
}

/**
 * The tree of a trace's spans. When no span is without a parent, the caller sent its own trace context: then the absent parent of
 * the earliest parentless subtree is that remote caller, and everything it called is a root rather than an orphan.
 */
export function buildTraceTree(spans: readonly TraceSpan[]): TraceTree {
  const ordered = [...spans].sort((a, b) => a.startMs - b.startMs);
  const ids = new Set(ordered.map(({ spanId }) => spanId));
  const childrenOf = Map.groupBy(ordered, ({ parentSpanId }) => parentSpanId);
  const tops = ordered.filter(({ parentSpanId }) => parentSpanId === null || !ids.has(parentSpanId));
  const callerId = tops.some(({ parentSpanId }) => parentSpanId === null) ? null : tops[0]?.parentSpanId;
  const nodeOf = (span: TraceSpan): TraceNode => ({
    span,
    children: (childrenOf.get(span.spanId) ?? []).map(nodeOf),
  });
  return {
    roots: tops.filter(({ parentSpanId }) => parentSpanId === callerId).map(nodeOf),
    orphans: tops.filter(({ parentSpanId }) => parentSpanId !== callerId).map(nodeOf),
  };
}

/** The tree as lines without colour: branch, service, span, duration, and `✗ <error type>` for a failed span. Orphans come last under a heading. */
export function renderTraceTree(tree: TraceTree): string {
  const rows = tree.roots.flatMap((root) => rowsOf(root, '', ''));
  const lost = tree.orphans.flatMap((orphan) => rowsOf(orphan, '', ''));
  const all = [...rows, ...lost];
  const serviceWidth = widest(all.map(({ span }) => span.service));
  const nameWidth = widest(all.map(({ branch, span }) => branch + span.name));
  const lineOf = ({ branch, span }: Row): string =>
    [
      span.service.padEnd(serviceWidth),
      (branch + span.name).padEnd(nameWidth),
      `${span.durationMs.toFixed(1)} ms`.padStart(12),
      span.status === 'error' ? `✗ ${span.attributes['error.type'] ?? 'error'}` : '',
    ]
      .join('  ')
      .trimEnd();
  const lines = rows.map(lineOf);
  if (lost.length > 0)
    lines.push(`spans whose parent is missing (${tree.orphans.length}):`, ...lost.map(lineOf));
  return lines.join('\n');
}

interface Row {
  readonly branch: string;
  readonly span: TraceSpan;
}

// `branch` is drawn before the node's own name, `indent` before everything below it.
function rowsOf(node: TraceNode, branch: string, indent: string): Row[] {
  const last = node.children.length - 1;
  const below = node.children.flatMap((child, position) =>
    position === last
      ? rowsOf(child, `${indent}└─ `, `${indent}   `)
      : rowsOf(child, `${indent}├─ `, `${indent}│  `),
  );
  return [{ branch, span: node.span }, ...below];
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}
