// Follows one attempt in the agents service from its beginning to its end. The attempt lives there under its own key: a connection that
// breaks is made again and joins it, and only a run that does not want it any more ends it.
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Duration, durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { BreakerOpen } from '../../../foundation/breaker/breaker.ts';
import { asFault, Fault } from '../../../foundation/fault/fault.ts';
import { connectionFailureOf } from '../../../foundation/rpc/connection-failure.ts';
import {
  type Failure,
  InvocationState,
  type Result,
  type ToolCall,
  type RecordedJson as WireRecord,
} from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import type { WorkerSchema, WorkSchema } from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import type { AgentAnswer } from '../core/agent-answer.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { ToolCallEnd } from '../core/tool-call.ts';
import { type AttemptEnd, endedByRun, type Invocation } from './attempt.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { CallingRun, RunCalls } from './run-calls.ts';

/** What following needs. */
export interface FollowDeps {
  readonly agents: MeshClients['agents'];
  readonly callsOf: RunCalls;
}

/** How much longer than the attempt its caller waits, so that it is told of the end; in milliseconds. */
const marginMs = 2_000;
/** Wait before a broken connection is made again, in milliseconds; it doubles with each further time. */
const rejoinMsFirst = 250;
/** Longest wait, in milliseconds. */
const rejoinMsMax = 5_000;
/** Shortest wait after an attempt that was refused, in milliseconds: such attempts are not counted, so that nothing else bounds them. */
const refusedMsMin = 1_000;
/** Time to tell the service that an attempt is not wanted any more, in milliseconds. */
const cancelMs = 5_000;
/** How long an attempt has to end once it has been told, in milliseconds. */
const graceMs = 30_000;

/** True when the service has provably not seen the attempt. */
export function wasNotSent(error: unknown): boolean {
  return connectionFailureOf(error)?.sent === false || refusedForMs(error) !== undefined;
}

/** How long an open breaker in front of the service lets nothing through, in milliseconds; undefined for every other error. */
export function refusedForMs(error: unknown): number | undefined {
  if (!(error instanceof Fault && error.cause instanceof BreakerOpen)) return undefined;
  return Math.max(refusedMsMin, error.retryAfterMs ?? 0);
}

/** An attempt to follow: of an agent, or on a worker that is named. */
export interface FollowedAttempt extends Omit<Invocation, 'agent' | 'execution'> {
  readonly execution: CallingRun & Pick<Invocation['execution'], 'domainId'>;
  /** Absent for work that is no agent's. */
  readonly agent?: Invocation['agent'];
  /** Absent for agents that run on none. */
  readonly onWorker?: NamedWorker;
}

/** The worker that an attempt is made on. */
export interface NamedWorker {
  readonly worker: MessageInitShape<typeof WorkerSchema>;
  /** Absent for an agent. */
  readonly work?: MessageInitShape<typeof WorkSchema>;
  /** Attempts of the same route go to the same replica of the agents service. */
  readonly route: string;
}

/** The end of the attempt. Throws Faults where it is not known. */
export async function followAttempt(deps: FollowDeps, invocation: FollowedAttempt): Promise<AttemptEnd> {
  const { signal, told } = invocation;
  if (signal.aborted && signal.reason === endedByRun) return endUnfollowed(deps, invocation);
  const leaving = new AbortController();
  const stopListening = onAbort(signal, (reason) => {
    if (reason === endedByRun) void endAttempt(deps, invocation, leaving);
    else leaving.abort();
  });
  const following: Following = { ...invocation, leaving, tools: 0, toolEnds: 0, uncertain: false, ...told };
  try {
    return await joinUntilEnded(deps, following);
  } finally {
    stopListening();
    leaving.abort(); // nobody waits for the grace any more
  }
}

interface Following extends FollowedAttempt {
  /** Ends the reading, and nothing else. */
  readonly leaving: AbortController;
  /** What has been told, see {@link AttemptTold}. */
  tools: number;
  toolEnds: number;
  uncertain: boolean;
}

// The attempt may go on behind a broken connection: as long as it has time, it is joined again and not begun anew under another number.
async function joinUntilEnded(deps: FollowDeps, following: Following): Promise<AttemptEnd> {
  const endMs = performance.now() + following.timeoutMs;
  let waitMs = rejoinMsFirst;
  for (let joins = 0; ; joins += 1) {
    const leftMs = endMs - performance.now();
    try {
      if (!following.mayJoin()) throw new Fault('unavailable', 'The claim to the run is in doubt');
      return await join(deps, following, { leftMs, repeated: following.repeated || joins > 0 });
    } catch (error) {
      const { reason, message } = asFault(error);
      const isFirst = joins === 0 && !following.repeated;
      if (isFirst && (wasNotSent(error) || reason === 'resource_exhausted')) throw error; // it has not begun
      const isPassing = reason === 'unavailable' || reason === 'resource_exhausted';
      if (!isPassing || following.leaving.signal.aborted) throw error;
      // It may have begun, whatever this call says.
      if (endMs - performance.now() <= waitMs) throw new Fault('unavailable', message);
      await delay(waitMs, undefined, { signal: following.leaving.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, rejoinMsMax);
    }
  }
}

interface Joining {
  /** Time for the attempt, in milliseconds. */
  readonly leftMs: number;
  readonly repeated: boolean;
}

async function join(
  { agents, callsOf }: FollowDeps,
  following: Following,
  { leftMs, repeated }: Joining,
): Promise<AttemptEnd> {
  const { execution, taskId, attempt, agent, input, settingsRevision, leaving, onWorker } = following;
  const { toolCalls, tellFingerprint = false } = following;
  const jobId = jobIdOf(execution.id);
  const timeout = durationFromMs(Math.max(1, Math.ceil(leftMs)));
  const { domainId } = execution;
  const task = { jobId, taskId, attempt, domainId, input, settingsRevision, ...(agent ? { agent } : {}) };
  const { worker, work } = onWorker ?? {};
  const doer = {
    ...(worker ? { worker } : {}),
    ...(work ? { work } : {}),
    ...(toolCalls ? { toolCalls } : {}),
  };
  const request = { ...task, ...doer, tellFingerprint, timeout, repeated };
  const limits = {
    timeoutMs: Math.max(1, Math.ceil(leftMs)) + marginMs,
    signal: leaving.signal,
    route: routeOf(following),
    ...(onWorker ? { writeTarget: '' } : {}),
  };
  return readEnd(agents.invoke(request, callsOf(execution, limits)), following);
}

type Stream = ReturnType<FollowDeps['agents']['invoke']>;

async function readEnd(stream: Stream, following: Following): Promise<AttemptEnd> {
  const { note } = following;
  const seen = { tools: 0, toolEnds: 0 };
  for await (const { event } of stream) {
    if (event.case === 'result') return answerEnd(event.value);
    if (event.case === 'failure') return failureOf(event.value);
    if (event.case === 'uncertain' && !following.uncertain) {
      following.uncertain = true;
      following.tools = 0; // it has begun anew
      following.toolEnds = 0;
      note({ type: 'uncertain' });
    }
    if (event.case === 'token')
      note({ type: 'text', offset: Number(event.value.offset), text: event.value.text });
    if (event.case === 'toolCall') noteCall(following, event.value, seen);
  }
  throw new Fault('unavailable', 'The agents service ended without a result');
}

// Whoever joins is told every call again, in the same order.
function noteCall(following: Following, call: ToolCall, seen: { tools: number; toolEnds: number }): void {
  const which = call.duration === undefined ? 'tools' : 'toolEnds';
  seen[which] += 1;
  if (seen[which] <= following[which]) return;
  following[which] = seen[which];
  const { toolName, number } = call;
  if (call.duration !== undefined) following.note({ type: 'tool_ended', ...endOfCall(call, call.duration) });
  else following.note({ type: 'tool_called', toolName, ...(number > 0 ? { number } : {}) });
}

function endOfCall(
  { toolName, number, errorCode, given, answered }: ToolCall,
  duration: Duration,
): ToolCallEnd {
  const recorded = ({ text, bytes, sha256 }: WireRecord) => ({ text, bytes: Number(bytes), sha256 });
  return {
    ...{ toolName, number, durationMs: durationMs(duration), errorCode },
    ...(given ? { given: recorded(given) } : {}),
    ...(answered ? { answered: recorded(answered) } : {}),
  };
}

/** An attempt that something on its way refused for now, as an open breaker does, does not count (SPEC E3.7). */
function failureOf({ errorCode: code, message, retryAfter, rawText }: Failure): AttemptEnd {
  const fault = { code, message, ...(rawText === '' ? {} : { rawText: storable(rawText) }) };
  if (code !== 'dependency_unavailable' || retryAfter === undefined) return { fault };
  return { fault, notBeforeMs: Math.max(refusedMsMin, durationMs(retryAfter)) };
}

function answerEnd(result: Result): AttemptEnd {
  const { fingerprint } = result;
  return { answer: answerOf(result), ...(fingerprint === '' ? {} : { fingerprint }) };
}

const rawTextCharactersMax = 64 * 1024;

/** A text that the journal can hold. */
function storable(text: string): string {
  return text.slice(0, rawTextCharactersMax).replaceAll('\0', '\ufffd').toWellFormed();
}

function answerOf({ output, reasoning, confidence, references, spans, runtime }: Result): AgentAnswer {
  const plainSpans = Object.entries(spans).map(([key, list]) => [
    key,
    list.spans.map(({ start, end }) => ({ start, end })),
  ]);
  return {
    output: output ?? {},
    reasoning,
    confidence: Math.min(1, Math.max(0, confidence)),
    references,
    spans: Object.fromEntries(plainSpans),
    runtime,
  };
}

// An attempt that is not wanted any more before anybody follows it is only ended: following it could begin it anew.
async function endUnfollowed(deps: FollowDeps, invocation: FollowedAttempt): Promise<AttemptEnd> {
  const fault = { code: 'cancelled', message: 'The run does not want the attempt any more' };
  if (!invocation.repeated) return { fault }; // it has not begun
  const endMs = performance.now() + graceMs;
  for (let waitMs = rejoinMsFirst; ; waitMs = Math.min(waitMs * 2, rejoinMsMax)) {
    const found = await cancelAttempt(deps, invocation).catch(() => InvocationState.UNKNOWN);
    if (found !== InvocationState.RUNNING || performance.now() + waitMs > endMs) return { fault };
    await delay(waitMs, undefined, { ref: false });
  }
}

// Whoever does not run the attempt, or cannot be told, is not waited for.
async function endAttempt(
  deps: FollowDeps,
  invocation: FollowedAttempt,
  leaving: AbortController,
): Promise<void> {
  const found = await cancelAttempt(deps, invocation).catch(() => InvocationState.UNKNOWN);
  if (found === InvocationState.UNKNOWN) return leaving.abort();
  await delay(graceMs, undefined, { signal: leaving.signal, ref: false }).catch(() => undefined);
  leaving.abort();
}

async function cancelAttempt(
  { agents, callsOf }: FollowDeps,
  invocation: FollowedAttempt,
): Promise<InvocationState> {
  const { execution, taskId, attempt } = invocation;
  const options: CallOptions = callsOf(execution, { timeoutMs: cancelMs, route: routeOf(invocation) });
  const { found } = await agents.cancelInvocation({ jobId: jobIdOf(execution.id), taskId, attempt }, options);
  return found;
}

// The key of an attempt leads to the replica that runs it.
function routeOf({ execution, taskId, attempt, onWorker }: FollowedAttempt): string {
  if (onWorker) return onWorker.route;
  return `${jobIdOf(execution.id)}/${taskId}/${attempt}`;
}

function onAbort(signal: AbortSignal, act: (reason: unknown) => void): () => void {
  const listener = (): void => act(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
