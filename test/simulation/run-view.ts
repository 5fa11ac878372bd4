// What the committed journal of one execution says, read by rules of its own (SPEC S16, E3): it shares no code with the engine, so that a
// wrong decision and a wrong fold cannot hide each other. Each entry is judged when it is committed.
import type { JournalEntry, JournalEvent, Outcome } from '../../services/orchestrator/core/journal-event.ts';
import type { RunView } from './journal-view.ts';
import { isOpen, lookAtTask, once } from './task-view.ts';

/** Takes one more entry in; answers what is wrong with it, or undefined. */
export function look(view: RunView, { seq, atMs, event }: JournalEntry): string | undefined {
  if (seq !== view.seq + 1)
    return `event ${seq} (${event.type}) follows ${view.seq}: the stream has a gap or an overlap`;
  if (atMs < view.atMs) return `event ${seq} is older than the one before it`;
  view.seq = seq;
  view.atMs = atMs;
  const wrong = lookAt(view, event, atMs);
  return wrong === undefined ? undefined : `event ${seq} (${describe(event)}) while ${view.status}: ${wrong}`;
}

/** An event in a few words. */
export function describe(event: JournalEvent): string {
  const node = 'nodeId' in event ? ` ${event.nodeId}` : '';
  const attempt = 'attempt' in event ? `#${event.attempt}` : '';
  return `${event.type}${node}${attempt}`;
}

function lookAt(view: RunView, event: JournalEvent, atMs: number): string | undefined {
  switch (event.type) {
    case 'started':
      if (view.status !== 'pending') return 'a run starts once';
      view.status = 'running';
      view.startedMs = atMs;
      return undefined;
    case 'paused':
      return move(view, ['running'], 'paused') ?? once(view, event);
    case 'resumed':
      return move(view, ['paused'], 'running') ?? once(view, event);
    case 'placed':
      return view.status === 'running' ? undefined : 'only what goes on waits for a place';
    case 'cancel_requested':
      view.isCancelled = true;
      return move(view, ['pending', 'running', 'paused'], 'cancelling') ?? once(view, event);
    case 'finishing':
      return finish(view, event.outcome, atMs);
    case 'effects_planned':
      if (!view.outcome || view.prepared !== undefined) return 'effects are planned once, after the outcome';
      view.prepared = event.prepared;
      return undefined;
    case 'ended':
      return end(view, event.status);
    default:
      return lookAtTask(view, event);
  }
}

function move(view: RunView, from: readonly RunView['status'][], to: RunView['status']): string | undefined {
  if (!from.includes(view.status)) return 'no such transition';
  view.status = to;
  return undefined;
}

function finish(view: RunView, outcome: Outcome, atMs: number): string | undefined {
  const open = [...view.tasks.values()].find(({ status }) => isOpen(status));
  if (open) return `${open.planned.nodeId} has not ended`;
  if (view.outcome && !(view.outcome.succeeded || view.outcome.partial)) return 'a failure finishes once';
  if (!view.outcome && view.isCancelled !== (outcome.reason === 'cancelled'))
    return 'the outcome is not that of a cancel';
  if (outcome.succeeded && [...view.tasks.values()].some(({ status }) => status !== 'succeeded'))
    return 'not every task succeeded';
  if (!view.outcome) view.tasksEndedMs = atMs;
  view.outcome = outcome;
  view.finishingMs = atMs;
  if (view.status === 'cancelling') return undefined;
  return move(
    view,
    ['pending', 'running', 'finishing', ...(view.isRefused ? ['paused' as const] : [])],
    'finishing',
  );
}

function end(view: RunView, status: 'completed' | 'failed' | 'cancelled'): string | undefined {
  if (!view.outcome) return 'a run ends after its outcome is known';
  const right = view.isCancelled ? 'cancelled' : view.outcome.succeeded ? 'completed' : 'failed';
  if (status !== right) return `a run of this outcome ends ${right}`;
  return move(view, ['finishing', 'cancelling'], status);
}
