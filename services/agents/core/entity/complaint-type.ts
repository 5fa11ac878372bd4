// Sorts a report into a kind of complaint by the weight of its words.

import type { Span } from '../skill.ts';
import { type ComplaintRule, type ComplaintType, complaintRules } from './complaint-rules.ts';

/** A judgement with the words that it rests on. */
export interface ComplaintFinding {
  readonly type: ComplaintType;
  /** 0..1: how far the kind is ahead of the next. */
  readonly confidence: number;
  /** The deciding words in text order; empty for `other`. */
  readonly spans: readonly Span[];
}

interface Hit extends Span {
  readonly rule: ComplaintRule;
}

const weightMin = 2;
const repeatWeight = 0.34;
const confidenceOther = 0.4;

/** The kind with the most weight; `other` when no kind reaches the least weight. Of equals the first in the list of rules wins. */
export function judgeComplaint(text: string): ComplaintFinding {
  const hits = complaintRules.flatMap((rule) => hitsOf(text, rule));
  const weights = new Map<ComplaintRule['type'], number>();
  for (const rule of complaintRules) {
    const own = hits.filter((hit) => hit.rule === rule).length;
    const weight = own === 0 ? 0 : rule.weight * (1 + repeatWeight * (own - 1));
    weights.set(rule.type, (weights.get(rule.type) ?? 0) + weight);
  }
  const [best, second] = [...weights].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] < weightMin)
    return { type: 'other', confidence: confidenceOther, spans: [] };
  const lead = (best[1] - (second?.[1] ?? 0)) / best[1];
  const spans = hits.filter((hit) => hit.rule.type === best[0]).map(({ start, end }) => ({ start, end }));
  return { type: best[0], confidence: 0.5 + 0.4 * lead, spans: spans.sort((a, b) => a.start - b.start) };
}

/** Every different wording of the rule once, at its first place. */
function hitsOf(text: string, rule: ComplaintRule): Hit[] {
  const seen = new Set<string>();
  return [...text.matchAll(new RegExp(rule.pattern.source, 'gi'))].flatMap((match) => {
    const wording = match[0].toLowerCase();
    if (seen.has(wording)) return [];
    seen.add(wording);
    return [{ rule, start: match.index, end: match.index + match[0].length }];
  });
}
