// What a call of a model costs: by its tokens, rounded up to 1e-9 of the currency unit. Where prices come from is not known here.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { textProblem } from '../../../foundation/json/document.ts';
import { currencyProblem, moneyProblem, nanosOf } from './usage-money.ts';

/** The highest price of a million tokens, in units of the currency. */
export const priceMax = 1_000_000;

const pricedTokens = 1_000_000n;

/** What a million tokens cost, in 1e-9 of the currency unit. */
export interface ModelPrice {
  /** Names the price list. */
  readonly version: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly input: bigint;
  readonly output: bigint;
  /** Of input that the provider had read before. */
  readonly cachedInput: bigint;
}

/** A price as it is sent: decimal text; an empty `cachedInputPerMillion` is as much as other input. */
export interface ModelPriceSent {
  readonly version: string;
  readonly currency: string;
  readonly inputPerMillion: string;
  readonly outputPerMillion: string;
  readonly cachedInputPerMillion: string;
}

/** Tokens of a call. */
export interface CallTokens {
  /** All that it read. */
  readonly input: number;
  readonly output: number;
  /** Those of `input` that the provider had read before. */
  readonly cachedInput: number;
}

/** The price; what is wrong with it is added to the problems, and the answer means nothing then. */
export function readModelPrice(sent: ModelPriceSent, problems: Violation[]): ModelPrice {
  const refuse = (field: string, reason: string | undefined): void => {
    if (reason !== undefined) problems.push({ field: `price.${field}`, reason });
  };
  const priceOf = (field: string, text: string): bigint => {
    refuse(field, moneyProblem(text, priceMax));
    return nanosOf(text, priceMax) ?? 0n;
  };
  refuse('version', textProblem(sent.version, { min: 1, max: 100 }));
  refuse('currency', currencyProblem(sent.currency));
  const input = priceOf('input_per_million', sent.inputPerMillion);
  const output = priceOf('output_per_million', sent.outputPerMillion);
  const cached = sent.cachedInputPerMillion;
  const cachedInput = cached === '' ? input : priceOf('cached_input_per_million', cached);
  return { version: sent.version, currency: sent.currency, input, output, cachedInput };
}

/** What so many tokens cost, in 1e-9 of the currency unit. */
export function costOf(price: ModelPrice, { input, output, cachedInput }: CallTokens): bigint {
  const fresh = BigInt(input - cachedInput) * price.input;
  const sum = fresh + BigInt(cachedInput) * price.cachedInput + BigInt(output) * price.output;
  return (sum + pricedTokens - 1n) / pricedTokens;
}

/** The most that a call can cost: a provider may ask more for what it had read before, or less. */
export function greatestCost(price: ModelPrice, tokens: Omit<CallTokens, 'cachedInput'>): bigint {
  const input = price.cachedInput > price.input ? price.cachedInput : price.input;
  return costOf({ ...price, input, cachedInput: input }, { ...tokens, cachedInput: 0 });
}
