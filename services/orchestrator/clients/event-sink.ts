// Publishes events over the REST protocol that proxies of Kafka speak (version 2: `POST /topics/{topic}` with records of JSON). It speaks to no
// broker itself.

import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { type ExportEvent, exportedForm, exportKey } from '../core/export-event.ts';

/** Where events are published. */
export interface SinkSettings {
  /** Base URL of the proxy. */
  readonly url: string;
  /** Value of the header `Authorization`; absent for none. */
  readonly authorization?: string;
  /** Before the name of each topic. */
  readonly prefix: string;
}

/** An event that is not accepted, however often it is sent. */
export interface RefusedEvent {
  readonly event: ExportEvent;
  /** What was said to it, as a sentence. */
  readonly reason: string;
}

/** Nothing can be published now; the sentence says why, without anything of the events. */
export class SinkUnavailable extends Error {
  override readonly name = 'SinkUnavailable';
}

/** Takes events. */
export interface EventSink {
  /** Publishes events of one topic and answers those that were refused for good; SinkUnavailable when any of them should be sent again. */
  publish(events: readonly ExportEvent[], signal: AbortSignal): Promise<readonly RefusedEvent[]>;
}

const answerMsMax = 15_000;
const recordType = 'application/vnd.kafka.json.v2+json';
const acceptedType = 'application/vnd.kafka.v2+json, application/json';
/** What concerns the proxy or its settings and not the events: it is tried again. */
const passing = new Set([401, 403, 404, 405, 408, 415, 429]);
const retriableCode = 2;
const reasonLengthMax = 300;

/** A sink at this place. */
export function createEventSink(settings: SinkSettings): EventSink {
  const publish: EventSink['publish'] = async (events, signal) => {
    const [first] = events;
    if (!first) return [];
    const response = await send(settings, events, signal);
    const text = await response.text().catch(() => '');
    if (response.ok) return refusedOf(events, text);
    if (passing.has(response.status) || response.status >= 500)
      throw new SinkUnavailable(`The receiver of events answered ${response.status}`);
    if (events.length === 1) return [{ event: first, reason: sentenceOf(response.status, text) }];
    // One of them may be to blame: the halves are sent by themselves.
    const half = Math.ceil(events.length / 2);
    return [
      ...(await publish(events.slice(0, half), signal)),
      ...(await publish(events.slice(half), signal)),
    ];
  };
  return { publish };
}

async function send(
  { url, authorization, prefix }: SinkSettings,
  events: readonly ExportEvent[],
  signal: AbortSignal,
): Promise<Response> {
  const topic = encodeURIComponent(`${prefix}${events[0]?.topic}`);
  const records = events.map((event) => ({ key: exportKey(event), value: exportedForm(event) }));
  const headers = {
    'content-type': recordType,
    accept: acceptedType,
    ...(authorization && { authorization }),
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]);
  const request = { method: 'POST', headers, body: JSON.stringify({ records }), signal: limit };
  return fetch(`${url.replace(/\/+$/, '')}/topics/${topic}`, request).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SinkUnavailable('The receiver of events does not answer', { cause });
  });
}

/** A proxy tells for each record what became of it; one that says nothing has taken them all. */
function refusedOf(events: readonly ExportEvent[], text: string): readonly RefusedEvent[] {
  const answer = parsed(text);
  const offsets = isJsonObject(answer) && Array.isArray(answer.offsets) ? answer.offsets : [];
  return offsets.flatMap((offset, at) => {
    const event = events[at];
    const code = isJsonObject(offset) ? (offset.error_code ?? null) : null;
    if (!event || code === null || !isJsonObject(offset)) return [];
    if (code === retriableCode)
      throw new SinkUnavailable('The receiver of events could not keep all of them');
    return [{ event, reason: `Refused with ${code}: ${offset.error ?? ''}`.slice(0, reasonLengthMax) }];
  });
}

function sentenceOf(status: number, text: string): string {
  const answer = parsed(text);
  const said = isJsonObject(answer) && typeof answer.message === 'string' ? `: ${answer.message}` : '';
  return `Refused with ${status}${said}`.slice(0, reasonLengthMax);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
