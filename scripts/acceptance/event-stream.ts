// An event stream of a deployment, read event by event, with its places: what the typed client hides, since it comes back by itself.
import assert from 'node:assert/strict';
import type { RunEvent } from '../../clients/api/gen/api-types.ts';
import { readServerEvents } from '../../clients/api/server-events.ts';
import type { CallerName, TestContext } from './suite.ts';

/** An event of a run, or the end of the stream. */
export interface TestEvent {
  readonly name: string;
  readonly data: RunEvent;
  /** Where to come back after it; absent before the stream has named a place. */
  readonly place: string | undefined;
}

/** A stream that is open: what happens from now on is in it. */
export interface EventStream {
  /** All events until one for which this holds, which is the last; all until the end where none does. */
  until(isLast: (event: TestEvent) => boolean): Promise<readonly TestEvent[]>;
  close(): void;
}

/** Which stream, from where, and as whom. */
export interface StreamWish {
  /** Path of the stream. */
  readonly path: string;
  /** Place of the last event that is known. */
  readonly after?: string | undefined;
  /** [editor] */
  readonly as?: CallerName;
}

/** How long a stream may be read, in milliseconds. */
const streamMsMax = 60_000;

/** Opens the stream, and resolves when the deployment has begun it. Undefined when it says that nothing is left. */
export async function openEvents(
  t: TestContext,
  { path, after, as = 'editor' }: StreamWish,
): Promise<EventStream | undefined> {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, t.signal, AbortSignal.timeout(streamMsMax)]);
  const headers = { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) };
  const response = await t.as(as).exchange('GET', path, { headers, signal });
  if (response.status === 204) return undefined;
  assert.equal(response.status, 200, `${path} answered ${response.status}`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const { body } = response;
  assert.ok(body);
  const events = readServerEvents(body);
  return {
    until: async (isLast) => {
      const told: TestEvent[] = [];
      for (;;) {
        const { value: step, done } = await events.next();
        if (done) return told;
        if (!step.event) continue;
        const event = {
          name: step.event.name,
          data: JSON.parse(step.event.data) as RunEvent,
          place: step.place,
        };
        told.push(event);
        if (isLast(event)) return told;
      }
    },
    close: () => closing.abort(),
  };
}
