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
/** A denial or a mere case that is thought of, right before the words: "nobody was injured", "if you smell gas". */
const deniedBefore =
  /\b(?:(?:not|never|without|no one|nobody|none|no|nothing|less|non|neither|\w+n['’]t)(?! (?:only|just|sure|yet|even))|if|in case of|as if|call (?:if|when))[ -]+(?:[\w'’]+ ){0,2}$/i;
/** Words that tell by themselves what is not there, so that a denial before them belongs to them. */
const tellsLack = /^(?:not|no|without|unsafe|missing)\b/i;
/** Wordings by which a reporter takes the haste out of a report; never out of a danger to life, which people play down. */
const playedDown =
  /\b(?:(?:not|isn['’]t|no|hardly) (?:\w+ )?(?:an? )?(?:emergency|urgent|danger to|hurry|rush)|non[- ]?(?:urgent|emergency)|no rush|low priority|when(?:ever)? you (?:get|have) (?:a chance|time))/i;
/** What happened so long ago endangers nobody now. */
const longAgo =
  /\b(?:(?:last|a|two|three|several|few) (?:month|year|summer|winter|spring|fall|months|years)(?: ago)?|years? ago|months? ago)\b/i;

interface Hit extends Span {
  readonly rule: UrgencyRule;
}

/**
 * The most urgent level that any word speaks for; `low` for a text that matches nothing and asks, else `moderate`. Who says that there is no
 * hurry is believed up to `urgent`.
 */
export function judgeUrgency(text: string): UrgencyFinding {
  const hits = urgencyRules.flatMap((rule) => hitOf(text, rule));
  const calm = playedDown.test(text);
  const counted = calm ? hits.filter(({ rule }) => rule.level !== 'urgent') : hits;
  const level = urgencies.find((one) => counted.some((hit) => hit.rule.level === one));
  if (level === undefined) {
    const urgency = /\?\s*$/.test(text) ? 'low' : 'moderate';
    return { urgency, confidence: confidenceNone, reasons: [], spans: [] };
  }
  const decisive = counted.filter((hit) => hit.rule.level === level);
  const confidence = Math.min(confidenceMax, confidenceBase + confidencePerReason * (decisive.length - 1));
  return {
    urgency: level,
    confidence,
    reasons: decisive.map((hit) => hit.rule.reason),
    spans: decisive.slice(0, spansMax).map(({ start, end }) => ({ start, end })),
  };
}

/** The first place where the rule holds, is not denied ("not dangerous") and, where life is at stake, is of today. */
function hitOf(text: string, rule: UrgencyRule): Hit[] {
  for (const match of text.matchAll(new RegExp(rule.pattern.source, 'gi'))) {
    const end = match.index + match[0].length;
    const denied = !tellsLack.test(match[0]) && deniedBefore.test(text.slice(0, match.index));
    const past = rule.level === 'immediate' && longAgo.test(sentenceAround(text, match.index, end));
    if (!denied && !past) return [{ rule, start: match.index, end }];
  }
  return [];
}

function sentenceAround(text: string, start: number, end: number): string {
  const from = Math.max(...['.', '!', '?', '\n'].map((mark) => text.lastIndexOf(mark, start - 1))) + 1;
  const length = text.slice(end).search(/[.!?\n]/);
  return text.slice(from, length < 0 ? text.length : end + length);
}
