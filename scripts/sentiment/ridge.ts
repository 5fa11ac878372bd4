// Linear regression with a quadratic penalty for each weight.

import { minimise } from '../category/minimise.ts';

/** Inputs that are not 0, by place, and what they should come to. */
export interface Example {
  readonly places: readonly number[];
  readonly values: readonly number[];
  readonly goal: number;
}

const stepsMax = 150;

/** The weights, one for each penalty, and the bias, which has none. */
export function ridge(
  examples: readonly Example[],
  penalties: readonly number[],
): { readonly weights: readonly number[]; readonly bias: number } {
  const biasAt = penalties.length;
  const objective = (at: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    gradient[biasAt] = 0;
    for (const [place, penalty] of penalties.entries()) {
      const weight = at[place] ?? 0;
      gradient[place] = penalty * weight;
      loss += 0.5 * penalty * weight * weight;
    }
    for (const { places, values, goal } of examples) {
      let error = (at[biasAt] ?? 0) - goal;
      for (let index = 0; index < places.length; index += 1) {
        error += (values[index] ?? 0) * (at[places[index] ?? 0] ?? 0);
      }
      loss += 0.5 * error * error;
      gradient[biasAt] = (gradient[biasAt] ?? 0) + error;
      for (let index = 0; index < places.length; index += 1) {
        const place = places[index] ?? 0;
        gradient[place] = (gradient[place] ?? 0) + error * (values[index] ?? 0);
      }
    }
    return loss;
  };
  const found = minimise(objective, biasAt + 1, stepsMax);
  return { weights: Array.from(found.slice(0, biasAt)), bias: found[biasAt] ?? 0 };
}
