// The only way to a provider: every call that is really made, repeated ones and repairs included, is written into the ledger before and
// after, goes through the provider's breaker, has its own time and is a span. It knows nothing of prompts and answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BoundedCache, createBoundedCache } from '../../../../foundation/cache/bounded-cache.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { modelName } from '../../core/model/model-choice.ts';
import { retriesMax, retryWaitMs } from '../../core/remote/retry-wait.ts';
import type { CallsOf, ModelCallsDeps } from './calls-of.ts';
import type { ModelAnswer, ModelRequest, ProviderModel } from './language-model.ts';
import { makeCall } from './make-call.ts';
import { ProviderFailed } from './provider-failed.ts';

/** Makes one call until it is answered; throws AttemptFailed when it is not, and Faults of the ledger and the breaker. */
export type AskModel = (request: ModelRequest, model: ProviderModel) => Promise<ModelAnswer>;

/** Calls for one attempt. */
export type ModelCalls = (of: CallsOf) => AskModel;

/** How many models are remembered that take no structured output. */
const plainModelsMax = 1_000;

/** Time that must be left after a wait, in milliseconds: a call within less could hardly be answered. */
const callMsMin = 500;

/** Makes calls; what it remembers is shared by all attempts. */
export function createModelCalls(deps: ModelCallsDeps): ModelCalls {
  const plain = createBoundedCache<true>({ weightMax: plainModelsMax, weightOf: () => 1 });
  const { callsMax } = deps.settings;
  return (of) => {
    let calls = 0;
    const call = (request: ModelRequest, model: ProviderModel): Promise<ModelAnswer> => {
      if (calls >= callsMax) throw tooManyCalls(callsMax);
      calls += 1;
      return callOnce(deps, of, { request, model, number: calls });
    };
    return async (request, model) => {
      for (let retries = 0; ; retries += 1) {
        try {
          return await inTakenFormat(request, {
            ...{ plain, name: modelName(of.provider, of.model) },
            call: (asked) => call(asked, model),
          });
        } catch (error) {
          if (!(error instanceof ProviderFailed)) throw error;
          await beforeRetry(deps, of, { error, retries, isLast: calls >= callsMax });
        }
      }
    };
  };
}

interface FormatChoice {
  /** Models that take no structured output, with the format that they refused. */
  readonly plain: BoundedCache<true>;
  /** `provider/model`. */
  readonly name: string;
  readonly call: (request: ModelRequest) => Promise<ModelAnswer>;
}

/** Providers differ in which schemas they take, if any; then the prompt alone asks for JSON. */
async function inTakenFormat(
  request: ModelRequest,
  { plain, name, call }: FormatChoice,
): Promise<ModelAnswer> {
  const { responseFormat, ...unformatted } = request;
  const key = `${name} ${JSON.stringify(responseFormat ?? null)}`;
  if (plain.get(key)) return call(unformatted);
  try {
    return await call(request);
  } catch (error) {
    if (!isFormatRefused(error, request)) throw error;
    plain.set(key, true);
    return call(unformatted);
  }
}

function isFormatRefused(error: unknown, { responseFormat }: ModelRequest): boolean {
  const refusals: readonly unknown[] = [400, 422];
  return (
    responseFormat?.type === 'json' && error instanceof ProviderFailed && refusals.includes(error.status)
  );
}

interface NumberedRequest {
  readonly request: ModelRequest;
  readonly model: ProviderModel;
  /** Of the call within the attempt, from 1. */
  readonly number: number;
}

function callOnce(deps: ModelCallsDeps, of: CallsOf, numbered: NumberedRequest): Promise<ModelAnswer> {
  const breaker = deps.breakerOf(of.provider.name);
  return breaker.run(() => makeCall(deps, of, numbered));
}

function tooManyCalls(callsMax: number): AttemptFailed {
  const message = `An attempt may call models ${callsMax} times (MODEL_CALLS_PER_ATTEMPT)`;
  return new AttemptFailed({ code: 'limit_reached', message });
}

interface Failed {
  readonly error: ProviderFailed;
  readonly retries: number;
  /** No further call is allowed. */
  readonly isLast: boolean;
}

/** Waits before a call is made again; throws when it is not. */
async function beforeRetry(
  { clock, chance }: ModelCallsDeps,
  { circumstances, provider }: CallsOf,
  { error, retries, isLast }: Failed,
): Promise<void> {
  const { signal, tell, timeLeftMs } = circumstances;
  signal.throwIfAborted();
  const { failure, retryable, headers } = error;
  if (!retryable || isLast || retries >= retriesMax) throw new AttemptFailed(failure);
  const waitMs = retryWaitMs({ retries, headers, nowMs: clock(), chance: chance() });
  if (waitMs + callMsMin > timeLeftMs()) throw new AttemptFailed(failure);
  const seconds = Math.ceil(waitMs / 1_000);
  tell({ kind: 'progress', message: `${failure.message}; ${provider.name} is asked again in ${seconds} s` });
  await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}
