// The agents service: one process that runs each attempt once under its key, keeps what ended for ten minutes, and forgets everything when it
// is killed. Callers come and go; what they are told may come late, twice or never.
import type { JsonObject } from '../../foundation/json/json.ts';
import {
  type AttemptEnd,
  type AttemptNote,
  endedByRun,
  type Invocation,
  type InvokeAgent,
} from '../../services/orchestrator/clients/attempt.ts';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import type { Random } from './random.ts';
import type { Process, VirtualTime } from './virtual-time.ts';

const keptMs = 600_000;
/** Before a caller whose connection broke joins its attempt again, in milliseconds. */
const rejoinMs = 250;
/** How long reasoning is padded to, in characters, where an answer is to be a large one. */
const largeCharacters = 20_000;

/** The service. */
export interface ModelAgents {
  /** How a process reaches it. */
  invokeFrom(process: Process): InvokeAgent;
  /** Kills it; it is back at once and knows nothing. */
  kill(): void;
}

/** What the service is made from. */
export interface ModelAgentsOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly judge: Judge;
}

interface Reader {
  readonly note: (told: AttemptNote) => void;
  readonly end: (end: AttemptEnd) => void;
  /** The service is gone. */
  readonly lose: () => void;
}

interface Attempt {
  readonly readers: Set<Reader>;
  readonly told: AttemptNote[];
  /** True once the service that ran it is gone. */
  isForgotten: boolean;
  endedAtMs: number | undefined;
  end: AttemptEnd | undefined;
}

interface Service extends ModelAgentsOptions {
  attempts: Map<string, Attempt>;
}

const cancelled: AttemptEnd = { fault: { code: 'cancelled', message: 'The call was cancelled' } };
const gone: AttemptEnd = { fault: { code: 'dependency_unavailable', message: 'The agents service is away' } };
const late: AttemptEnd = {
  fault: { code: 'attempt_timeout', message: 'The time for the attempt is up' },
};

/** A service that runs nothing yet. */
export function createModelAgents(options: ModelAgentsOptions): ModelAgents {
  const service: Service = { ...options, attempts: new Map() };
  return {
    invokeFrom: (process) => (invocation) => invoke(service, process, invocation),
    kill() {
      for (const attempt of service.attempts.values()) {
        attempt.isForgotten = true;
        for (const reader of attempt.readers) reader.lose();
      }
      service.attempts = new Map();
      options.judge.agentsKilled();
    },
  };
}

function isOn({ time, random, faults }: Service, rate: number): boolean {
  return time.nowMs() < faults.endMs && random.chance(rate);
}

function keyOf({ execution, taskId, attempt }: Invocation): string {
  return `${execution.id}/${taskId}/${attempt}`;
}

function invoke(service: Service, process: Process, invocation: Invocation): Promise<AttemptEnd> {
  const { time, judge } = service;
  const { signal, timeoutMs, execution } = invocation;
  judge.acting(process, execution.id);
  judge.invoked(invocation);
  return new Promise((resolve) => {
    const reader = readerOf(service, process, { invocation, resolve });
    time.after(timeoutMs + 500, process, () => {
      leave(service, invocation, reader);
      resolve(late);
    });
    const onAbort = (): void => {
      const isLate = isOn(service, service.faults.attemptLate);
      const lateMs = isLate ? service.random.between(5_000, 60_000) : latencyOf(service);
      time.after(lateMs, process, () => resolve(cancelled));
      if (signal.reason === endedByRun) cancel(service, invocation);
      else leave(service, invocation, reader);
    };
    if (signal.aborted) return onAbort(); // it is only ended
    join(service, invocation, reader);
    signal.addEventListener('abort', onAbort);
  });
}

interface Caller {
  readonly invocation: Invocation;
  readonly resolve: (end: AttemptEnd) => void;
}

function readerOf(service: Service, process: Process, { invocation, resolve }: Caller): Reader {
  const { time, random, faults } = service;
  const endMs = time.nowMs() + invocation.timeoutMs;
  const reader: Reader = {
    note: (told) => {
      const times = isOn(service, faults.attemptTellsTwice) ? 2 : 1;
      for (let at = 0; at < times; at += 1) time.after(2, process, () => invocation.note(told));
    },
    end: (end) => void time.after(latencyOf(service) + 2, process, () => resolve(end)),
    lose: () => {
      const again = (): void => {
        if (invocation.signal.aborted || time.nowMs() >= endMs) return;
        if (invocation.mayJoin()) join(service, { ...invocation, repeated: true }, reader);
        else time.after(rejoinMs, process, again);
      };
      if (random.chance(0.3)) reader.end(gone);
      else time.after(rejoinMs, process, again);
    },
  };
  return reader;
}

function latencyOf({ random }: Service): number {
  return random.between(1, 5);
}

function join(service: Service, invocation: Invocation, reader: Reader): void {
  service.time.after(latencyOf(service), undefined, () => arrive(service, invocation, reader));
}

function leave({ attempts }: Service, invocation: Invocation, reader: Reader): void {
  attempts.get(keyOf(invocation))?.readers.delete(reader);
}

function cancel(service: Service, invocation: Invocation): void {
  const { time, judge, attempts } = service;
  judge.aborted(invocation);
  const key = keyOf(invocation);
  time.after(latencyOf(service), undefined, () => finish(service, attempts.get(key), cancelled));
}

function arrive(service: Service, invocation: Invocation, reader: Reader): void {
  const { random, faults } = service;
  const known = knownAttempt(service, keyOf(invocation));
  // What was begun before is never said to be unbegun.
  if (!known && !invocation.repeated && isOn(service, faults.attemptRefused)) {
    const notBeforeMs = random.between(500, faults.isQuiet ? 8_000 : 20_000);
    const refused = { ...gone, notBeforeMs };
    reader.end(refused);
    return;
  }
  const { told, end, readers } = known ?? begin(service, invocation);
  for (const note of told) reader.note(note);
  if (end) reader.end(end);
  else readers.add(reader);
}

function knownAttempt({ attempts, time }: Service, key: string): Attempt | undefined {
  const attempt = attempts.get(key);
  const isOld = attempt?.endedAtMs !== undefined && attempt.endedAtMs + keptMs < time.nowMs();
  return isOld ? undefined : attempt;
}

function begin(service: Service, invocation: Invocation): Attempt {
  const { time, random, faults, judge, attempts } = service;
  const key = keyOf(invocation);
  const end = drawEnd(service, `${key}/${judge.paid(invocation)}`);
  const told: AttemptNote[] = invocation.repeated ? [{ type: 'uncertain' }] : [];
  const readers = new Set<Reader>();
  const attempt: Attempt = { readers, told, isForgotten: false, endedAtMs: undefined, end: undefined };
  attempts.set(key, attempt);
  const tookMs = isOn(service, faults.attemptLate) ? random.between(2_000, 20_000) : random.between(5, 1_500);
  if (random.chance(0.2)) time.after(Math.ceil(tookMs / 2), undefined, () => callTool(attempt));
  if (!isOn(service, faults.attemptNeverEnds))
    time.after(tookMs, undefined, () => finish(service, attempt, end));
  return attempt;
}

function callTool({ told, readers, end }: Attempt): void {
  if (end) return;
  const note: AttemptNote = { type: 'tool_called', toolName: 'search' };
  told.push(note);
  for (const reader of readers) reader.note(note);
}

function finish({ time }: Service, attempt: Attempt | undefined, end: AttemptEnd): void {
  if (!attempt || attempt.end || attempt.isForgotten) return;
  attempt.end = end;
  attempt.endedAtMs = time.nowMs();
  for (const reader of attempt.readers) reader.end(end);
  attempt.readers.clear();
}

// The answer names the attempt, and its reasoning which run of the attempt it comes from.
function drawEnd(service: Service, run: string): AttemptEnd {
  const { random, faults } = service;
  if (isOn(service, faults.attemptFails)) {
    const code = random.pick(['model_error', 'tool_error', 'dependency_unavailable', 'permission_denied']);
    return { fault: { code, message: 'The agent failed' } };
  }
  const isInvalid = isOn(service, faults.attemptFails / 8);
  const output: JsonObject = isInvalid ? { unknown: 'key' } : { answer: run };
  const payment = run.slice(run.lastIndexOf('/') + 1);
  const reasoning = random.chance(0.03) ? payment.padEnd(largeCharacters) : payment;
  return {
    answer: { output, reasoning, confidence: 1, references: [], spans: {}, runtime: 'builtin' },
  };
}
