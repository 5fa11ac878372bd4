// Events on their way to one reader: what they weigh there, and which of them its bounds count.
import type { StreamEvent, StreamSubject } from '../../core/stream-event.ts';
import type { WatchQueue } from './watch-queue.ts';

interface EventStep {
  readonly type: 'event';
  readonly subject: StreamSubject;
  readonly event: StreamEvent;
}

/** Adds an event, against the bounds of the queue only if it is live. */
export function pushEvent(
  queue: Pick<WatchQueue<EventStep>, 'push' | 'add'>,
  step: EventStep,
  isLive: boolean,
): void {
  if (isLive) queue.push(step, weightOf(step.event));
  else queue.add(step);
}

function weightOf({ message, metadata }: StreamEvent): number {
  return message.length + JSON.stringify(metadata).length;
}
