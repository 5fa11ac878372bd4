// The circuit breakers of model providers, one for each, made when it is first called.
import type { Breaker } from '../../../../foundation/breaker/breaker.ts';
import type { BreakerBoard } from '../../../../foundation/breaker/breaker-board.ts';
import { speaksAgainstProvider } from './provider-failed.ts';

/** The breaker of a provider, by its name; providers are few, since they are configured. */
export type BreakerOf = (provider: string) => Breaker;

/** Closed breakers, named `model:<provider>`. `callTimeoutMs`: time of one call, which a trial has too. */
export function createModelBreakers(board: BreakerBoard, callTimeoutMs: number): BreakerOf {
  return (provider) =>
    board.of({
      key: `model:${provider}`,
      isFailure: speaksAgainstProvider,
      limits: { trialTimeoutMs: callTimeoutMs },
      refusal: `The model provider ${provider} has failed several times in a row and is left alone for a while`,
    });
}
