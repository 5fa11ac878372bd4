// The skill that says when and how urgent: the best time expression of the text, resolved against the reference time.

import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { overlaps } from '../text/span.ts';
import { type DateGrain, type FoundDate, findDates } from './date-finder.ts';
import { findPeriods, type RelativePeriod } from './duration-finder.ts';
import { judgeUrgency, type UrgencyFinding } from './urgency.ts';
import { createZone, type Zone } from './zone-time.ts';

/** What the skill reads. */
export interface TemporalInput {
  readonly text: string;
  /** When it was reported, in milliseconds since the epoch; relative words refer to it. */
  readonly referenceMs: number;
  /** IANA name of the tenant's zone, for wall-clock times. */
  readonly timeZone: string;
}

/** A time of the text, in the terms of the answer. */
interface TimeChoice extends Span {
  readonly text: string;
  readonly instantMs: number;
  readonly confidence: number;
  readonly how: string;
}

const reportedTime = 'reported time';
const confidenceReported = 0.45;
const confidenceOfGrain: Readonly<Record<DateGrain, number>> = {
  minute: 0.9,
  day: 0.85,
  weekday: 0.75,
  week: 0.6,
  part_of_day: 0.65,
  month: 0.55,
  year: 0.5,
};
const confidenceLasting = 0.6;
const confidenceMoment = 0.8;
const confidenceVague = 0.15;
const confidenceFuture = 0.2;
const weightOfTime = 0.7;

/** Finds when it happened and how urgent it is. Output keys: timestamp (ISO, UTC, milliseconds), time_reference, urgency; all three always. */
export function timeOf(input: TemporalInput): SkillAnswer {
  const zone = createZone(input.timeZone);
  const choice = chooseTime(input, zone);
  const urgency = judgeUrgency(input.text);
  const timeConfidence = choice?.confidence ?? confidenceReported;
  const output: JsonObject = {
    timestamp: new Date(choice?.instantMs ?? input.referenceMs).toISOString(),
    time_reference: choice?.text ?? reportedTime,
    urgency: urgency.urgency,
  };
  return {
    output,
    reasoning: `${timeReason(choice)} ${urgencyReason(urgency)}`,
    confidence: confidenceOf(weightOfTime * timeConfidence + (1 - weightOfTime) * urgency.confidence),
    spans: spansOf(choice, urgency),
    references: [],
  };
}

/** The surest time expression, the first of equals; undefined when the text names none. */
function chooseTime({ text, referenceMs }: TemporalInput, zone: Zone): TimeChoice | undefined {
  const periods = findPeriods(text).map((period) => periodChoice(period, referenceMs));
  const dates = findDates(text, { referenceMs, zone })
    .filter((date) => !periods.some((period) => overlaps(period, date)))
    .map((date) => dateChoice(date, referenceMs));
  const [best] = [...periods, ...dates].sort((a, b) => b.confidence - a.confidence || a.start - b.start);
  return best;
}

function periodChoice(period: RelativePeriod, referenceMs: number): TimeChoice {
  const base = period.kind === 'lasting' ? confidenceLasting : confidenceMoment;
  const { start, end, text } = period;
  const confidence =
    base - (period.vague ? confidenceVague : 0) - (period.shiftMs > 0 ? confidenceFuture : 0);
  const counted =
    period.kind === 'lasting' ? 'taken as lasting since then' : 'counted from the reported time';
  const how = period.vague ? `${counted}, its count being a guess` : counted;
  return { start, end, text, instantMs: referenceMs + period.shiftMs, confidence, how };
}

function dateChoice(date: FoundDate, referenceMs: number): TimeChoice {
  const ahead = date.instantMs - referenceMs > 86_400_000 ? confidenceFuture : 0;
  const { start, end, text, instantMs } = date;
  const how = date.begins ? 'taken as the beginning' : 'resolved against the reported time';
  return { start, end, text, instantMs, confidence: confidenceOfGrain[date.grain] - ahead, how };
}

function timeReason(choice: TimeChoice | undefined): string {
  if (choice === undefined) return 'The text names no time, so the reported time stands in for it.';
  return `"${choice.text}" is ${choice.how}.`;
}

function urgencyReason(finding: UrgencyFinding): string {
  if (finding.reasons.length === 0) return `No word speaks for an urgency, so it is ${finding.urgency}.`;
  return `Urgency is ${finding.urgency} because of ${finding.reasons.join(', ')}.`;
}

function spansOf(choice: TimeChoice | undefined, urgency: UrgencyFinding): Record<string, readonly Span[]> {
  const when = choice === undefined ? [] : [{ start: choice.start, end: choice.end }];
  return {
    ...(when.length > 0 && { timestamp: when, time_reference: when }),
    ...(urgency.spans.length > 0 && { urgency: urgency.spans }),
  };
}
