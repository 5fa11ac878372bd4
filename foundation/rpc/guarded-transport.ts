// A circuit breaker in front of a transport: while the neighbour is away, calls fail at once instead of each waiting for it. Repeating calls and
// spreading them over replicas lie behind it: what it counts is a call with all its tries.
import type { DescMessage } from '@bufbuild/protobuf';
import { Code, ConnectError, type StreamResponse } from '@connectrpc/connect';
import type { Breaker } from '../breaker/breaker.ts';
import type { BreakerBoard } from '../breaker/breaker-board.ts';
import { type BreakerLimits, defaultBreakerLimits } from '../breaker/breaker-rules.ts';
import { Fault } from '../fault/fault.ts';
import type { ClosableTransport } from './balanced-transport.ts';

/**
 * The figures of a neighbour. Its breaker stays open for 2 s and not the usual 60: a restart takes about as long, every replica that cannot be
 * reached is left out by itself, and whoever must wait for a neighbour to be back waits for nothing else.
 */
export const neighbourBreakerLimits: Partial<BreakerLimits> = {
  resetMs: 2_000,
  forcedOpenMs: defaultBreakerLimits.resetMs,
};

const speakingReasons = new Set<string>(['unavailable', 'deadline_exceeded', 'internal']);

/**
 * True when the neighbour could not be reached, was too slow, or failed. What it says of the request counts not, and `resource_exhausted`
 * neither: it is what one tenant or caller has used up, and shall not close the way to all others.
 */
export function speaksAgainstNeighbour(error: unknown): boolean {
  return error instanceof Fault && speakingReasons.has(error.reason) && !isUnknownMethod(error);
}

// A neighbour of an earlier release answers everything else.
function isUnknownMethod({ cause }: Fault): boolean {
  return cause instanceof ConnectError && cause.code === Code.Unimplemented;
}

/** The transport to a neighbour, such as `registry`, behind the breaker of its name; without a board as it is. */
export function guardNeighbour(
  name: string,
  transport: ClosableTransport,
  board: BreakerBoard | undefined,
): ClosableTransport {
  if (!board) return transport;
  const breaker = board.of({
    ...{ key: name, limits: neighbourBreakerLimits, isFailure: speaksAgainstNeighbour },
    refusal: `The ${name} service has failed several times in a row and is left alone for a moment`,
  });
  return guardTransport(transport, breaker);
}

/** The same transport, behind the breaker. A stream counts once: by its first message, or by what it ends with before one. */
export function guardTransport(transport: ClosableTransport, breaker: Breaker): ClosableTransport {
  return {
    unary: (method, ...call) => breaker.run(() => transport.unary(method, ...call)),
    stream: (method, ...call) => openGuarded(() => transport.stream(method, ...call), breaker),
    close: () => transport.close(),
  };
}

// The breaker's call lasts until the first message: its end is told by `first`.
async function openGuarded<I extends DescMessage, O extends DescMessage>(
  open: () => Promise<StreamResponse<I, O>>,
  breaker: Breaker,
): Promise<StreamResponse<I, O>> {
  const opened = Promise.withResolvers<StreamResponse<I, O>>();
  const first = Promise.withResolvers<void>();
  const counted = breaker.run(async () => {
    opened.resolve(await open());
    await first.promise;
  });
  counted.catch(opened.reject); // of a stream that was opened, whoever reads it is told
  const response = await opened.promise;
  return { ...response, message: untilFirst(response.message, first) };
}

interface FirstEnd {
  resolve(): void;
  reject(error: unknown): void;
}

function untilFirst<T>(messages: AsyncIterable<T>, first: FirstEnd): AsyncIterable<T> {
  const tell = (result: IteratorResult<T>): IteratorResult<T> => {
    first.resolve();
    return result;
  };
  const fail = (error: unknown): never => {
    first.reject(isPatience(error) ? leftEarly() : error);
    throw error;
  };
  return {
    [Symbol.asyncIterator]() {
      const steps = messages[Symbol.asyncIterator]();
      return {
        next: () => steps.next().then(tell, fail),
        return: async (value?: unknown) => {
          first.reject(leftEarly());
          return steps.return ? steps.return(value) : { done: true, value };
        },
        throw: async (error?: unknown) => {
          first.reject(leftEarly());
          if (steps.throw) return steps.throw(error);
          throw error;
        },
      };
    },
  };
}

// It says nothing of the neighbour.
function leftEarly(): Fault {
  return new Fault('cancelled', 'The stream was left before its first message');
}

// A stream may have nothing to tell for as long as it is read.
function isPatience(error: unknown): boolean {
  return error instanceof Fault && (error.reason === 'deadline_exceeded' || error.reason === 'cancelled');
}
