// Small questions about spans of one text.

import type { Span } from '../skill.ts';

/** Whether the two spans share at least one code unit. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether `outer` holds all of `inner`; equal spans hold each other. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The span without anything else that the object carries. */
export function bareSpan(span: Span): Span {
  return { start: span.start, end: span.end };
}

/**
 * The spans that remain when of two overlapping ones the earlier in `ranked` wins. The result is in text order;
 * `ranked` is best first and is not changed.
 */
export function withoutOverlap<T extends Span>(ranked: readonly T[]): T[] {
  const kept: T[] = [];
  for (const span of ranked) {
    if (!kept.some((other) => overlaps(other, span))) kept.push(span);
  }
  return kept.sort((a, b) => a.start - b.start);
}
