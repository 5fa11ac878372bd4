// Judges how soon somebody should act, by the words of the text alone.

import type { Span } from '../skill.ts';
import { type Urgency, type UrgencyRule, urgencies, urgencyRules } from './urgency-rules.ts';

/** A judgement with the words that it rests on. */
export interface UrgencyFinding {
  readonly urgency: Urgency;
  /** 0..1. */
  readonly confidence: number;
  /** What the words are evidence of, the decisive first; empty when no rule matched. */
  readonly reasons: readonly string[];
  readonly spans: readonly Span[];
}

const spansMax = 5;
const confidenceBase = 0.65;
const confidencePerReason = 0.08;
const confidenceMax = 0.9;
const confidenceNone = 0.45;
const negatedBefore = /\b(?:not|no|never|isn'?t|wasn'?t|without|less|nothing|non)\s+(?:\w+\s+)?$/i;

interface Hit extends Span {
  readonly rule: UrgencyRule;
}

/** The most urgent level that any word speaks for; `low` for a text that matches nothing and asks, else `moderate`. */
export function judgeUrgency(text: string): UrgencyFinding {
  const hits = urgencyRules.flatMap((rule) => hitOf(text, rule));
  const level = urgencies.find((one) => hits.some((hit) => hit.rule.level === one));
  if (level === undefined) {
    const urgency = /\?\s*$/.test(text) ? 'low' : 'moderate';
    return { urgency, confidence: confidenceNone, reasons: [], spans: [] };
  }
  const decisive = hits.filter((hit) => hit.rule.level === level);
  const confidence = Math.min(confidenceMax, confidenceBase + confidencePerReason * (decisive.length - 1));
  return {
    urgency: level,
    confidence,
    reasons: decisive.map((hit) => hit.rule.reason),
    spans: decisive.slice(0, spansMax).map(({ start, end }) => ({ start, end })),
  };
}

/** The first place where the rule holds and is not denied ("not dangerous"). */
function hitOf(text: string, rule: UrgencyRule): Hit[] {
  for (const match of text.matchAll(new RegExp(rule.pattern.source, 'gi'))) {
    const denied = !/^(?:not|no|unsafe)/i.test(match[0]) && negatedBefore.test(text.slice(0, match.index));
    if (!denied) return [{ rule, start: match.index, end: match.index + match[0].length }];
  }
  return [];
}
