// The events of an endless answer, followed over connections that break: each is told once, none is left out, and text that a model writes
// goes on where it was.
import { ApiError, apiErrorOf, ConnectionError } from './api-error.ts';
import type { RunEvent, TokenText } from './gen/api-types.ts';
import { readServerEvents, type StreamStep } from './server-events.ts';

/** One event as it is told. */
export type ToldEvent =
  | { readonly name: 'status' | 'notice'; readonly data: RunEvent; readonly place: string | undefined }
  | { readonly name: 'token'; readonly data: TokenText; readonly place: string | undefined };

/** How events are followed. */
export interface FollowOptions {
  /** Opens the stream after this place, from where the API begins when undefined. */
  readonly open: (place: string | undefined) => Promise<Response>;
  /** Where to begin; absent leaves it to the API. */
  readonly from?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Waits this long, in milliseconds. */
  readonly waitFor: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Broken connections in a row, without an event between them, before following gives up. */
const breaksMax = 8;
const pauseMsDefault = 1_000;

/**
 * Follows to the end, which only the stream of one run has. Leaving the loop closes the connection. ApiError when the API refuses or ends the
 * stream for a reason; ConnectionError when it cannot be reached again and again.
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<ToldEvent, void> {
  const { open, signal = new AbortController().signal, waitFor } = options;
  const told = createToldText();
  let place = options.from;
  let pauseMs = pauseMsDefault;
  for (let breaks = 0; breaks <= breaksMax; breaks += 1) {
    const response = await open(place);
    if (response.status === 204) return;
    if (!response.ok) throw await apiErrorOf(response);
    for await (const step of stepsOf(response, signal)) {
      place = step.place ?? place;
      pauseMs = step.retryMs ?? pauseMs;
      if (step.event) breaks = 0;
      if (step.event?.name === 'end') return;
      const event = told.fresh(eventOf(step));
      if (event) yield event;
    }
    signal.throwIfAborted();
    await waitFor(pauseMs, signal);
  }
  throw new ConnectionError(`The stream of events broke off ${breaksMax} times in a row`);
}

// A connection that breaks ends the steps: the next one goes on after them. One that is left is closed.
async function* stepsOf(response: Response, signal: AbortSignal): AsyncGenerator<StreamStep, void> {
  if (!response.body) return;
  const steps = readServerEvents(response.body);
  try {
    for (let step = await nextOf(steps, signal); !step.done; step = await nextOf(steps, signal))
      yield step.value;
  } finally {
    await steps.return();
  }
}

async function nextOf(
  steps: AsyncGenerator<StreamStep, void>,
  signal: AbortSignal,
): Promise<IteratorResult<StreamStep, void>> {
  try {
    return await steps.next();
  } catch {
    signal.throwIfAborted();
    return { done: true, value: undefined };
  }
}

function throwUnlessTransient(problem: { readonly status?: number }): void {
  const { status = 500 } = problem;
  if (status !== 503 && status !== 429 && status !== 504) throw new ApiError({ status, body: problem });
}

function eventOf({ event, place }: StreamStep): ToldEvent | undefined {
  const name = event?.name;
  if (name === 'error') throwUnlessTransient(JSON.parse(event?.data ?? '{}'));
  if (!event || (name !== 'status' && name !== 'notice' && name !== 'token')) return undefined;
  return { name, data: JSON.parse(event.data), place } as ToldEvent;
}

// Text has no place of its own: whoever comes back is told what there is from the beginning, and has some of it.
function createToldText(): { fresh(event: ToldEvent | undefined): ToldEvent | undefined } {
  const ends = new Map<string, number>();
  return {
    fresh(event) {
      if (event?.name !== 'token') return event;
      const { job_id, task_id, attempt, offset, text } = event.data;
      const key = JSON.stringify([job_id, task_id, attempt]);
      const had = Math.max(0, (ends.get(key) ?? 0) - offset);
      if (had >= text.length) return undefined;
      ends.set(key, offset + text.length);
      return { ...event, data: { ...event.data, offset: offset + had, text: text.slice(had) } };
    },
  };
}
