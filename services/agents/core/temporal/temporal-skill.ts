// The skill that says when and how urgent: the best time expression of the text, resolved against the reference time.

import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import { dateOrderOf } from './date-order.ts';
import { type EventTime, eventTimes } from './event-times.ts';
import { judgeUrgency, type UrgencyFinding } from './urgency.ts';
import { createZone } from './zone-time.ts';

/** What the skill reads. */
export interface TemporalInput {
  readonly text: string;
  /** When it was reported, in milliseconds since the epoch; relative words refer to it. */
  readonly referenceMs: number;
  /** IANA name of the tenant's zone, for wall-clock times. */
  readonly timeZone: string;
}

const reportedTime = 'reported time';
const confidenceReported = 0.45;
const weightOfTime = 0.7;

/** Finds when it happened and how urgent it is. Output keys: timestamp (ISO, UTC, milliseconds), time_reference, urgency; all three always. */
export function timeOf(input: TemporalInput): SkillAnswer {
  const choice = chooseTime(input);
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

/** The surest time, the first of equals; undefined when the text names none. */
function chooseTime({ text, referenceMs, timeZone }: TemporalInput): EventTime | undefined {
  const zone = createZone(timeZone);
  const times = eventTimes(text, { referenceMs, zone, dateOrder: dateOrderOf(timeZone) });
  return [...times].sort((a, b) => b.confidence - a.confidence || a.start - b.start)[0];
}

function timeReason(choice: EventTime | undefined): string {
  if (choice === undefined) return 'The text names no time, so the reported time stands in for it.';
  return `"${choice.text}" is ${choice.how}.`;
}

function urgencyReason(finding: UrgencyFinding): string {
  if (finding.reasons.length === 0) return `No word speaks for an urgency, so it is ${finding.urgency}.`;
  return `Urgency is ${finding.urgency} because of ${finding.reasons.join(', ')}.`;
}

function spansOf(choice: EventTime | undefined, urgency: UrgencyFinding): Record<string, readonly Span[]> {
  const when = choice === undefined ? [] : [{ start: choice.start, end: choice.end }];
  return {
    ...(when.length > 0 && { timestamp: when, time_reference: when }),
    ...(urgency.spans.length > 0 && { urgency: urgency.spans }),
  };
}
