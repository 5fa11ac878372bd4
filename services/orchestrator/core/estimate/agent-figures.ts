// What a task of an agent is going to use and how long it is going to take: samples, and what they rest on. What was recorded counts before
// what is configured; where neither says anything, there are no samples and a sentence on why.
import { nanosOf } from './money.ts';
import type { TaskTime } from './task-times.ts';

/** What an agent would run on, as the agents service quotes it. */
export interface Quote {
  /** `none` cannot run. */
  readonly runtime: 'builtin' | 'offline' | 'model' | 'worker' | 'none';
  /** `provider/model`; empty unless it runs on one. */
  readonly model: string;
  /** Tokens that each call reads beside its input. */
  readonly instructionTokens: number;
  readonly outputTokensMax: number;
  /** For a million tokens, in 1e-9 of the currency unit; absent when it is not known. */
  readonly price?: { readonly currency: string; readonly input: number; readonly output: number };
  /** Why it cannot run; empty when it can. */
  readonly problem: string;
}

/** What all calls of a task use together. */
export interface TaskUse {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In 1e-9 of the currency unit; absent where a call has no price. */
  readonly money?: { readonly currency: string; readonly nanos: number };
}

/** What recorded tasks of an agent have used. */
export interface CallHistory {
  /** 0 for none. */
  readonly version: number;
  readonly tasks: readonly TaskUse[];
  readonly fromMs?: number;
  readonly toMs?: number;
  /** `provider/model`. */
  readonly models: readonly string[];
}

/** What samples rest on. */
export interface Basis {
  readonly kind: 'history' | 'configuration' | 'builtin' | 'none';
  /** Recorded tasks. */
  readonly tasks: number;
  /** Of the agent, that they are of; 0 for none. */
  readonly version: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly calls: number;
  readonly models: readonly string[];
  /** What is assumed, or why nothing can be said; empty for neither. */
  readonly text: string;
}

/** Samples of equal weight with what they rest on; undefined where nothing can be said. */
export interface Sampled<T> {
  readonly samples: readonly T[] | undefined;
  /** How many records they rest on; 1 where every task is taken to be alike. */
  readonly records: number;
  readonly basis: Basis;
}

/** What is known of an agent. */
export interface AgentFacts {
  readonly agentId: string;
  readonly version: number;
  readonly quote: Quote;
  readonly history: CallHistory;
  /** Of all recorded tasks of the agent, of whatever version and runtime. */
  readonly times: readonly TaskTime[];
  /** Tokens of the job's input, and whether that is a guess for want of a sample and of records. */
  readonly input: { readonly tokens: number; readonly isAssumed: boolean };
}

const nothing = { tasks: 0, version: 0, calls: 0, models: [] };
const noUse: TaskUse = { calls: 0, inputTokens: 0, outputTokens: 0 };

/** What a task of the agent uses. */
export function taskUses({ quote, history, input }: AgentFacts): Sampled<TaskUse> {
  switch (quote.runtime) {
    case 'builtin':
      return { samples: [noUse], records: 1, basis: { ...nothing, kind: 'builtin', text: '' } };
    case 'offline': {
      const text = 'No model is configured: general rules stand in for it, and call none';
      return { samples: [noUse], records: 1, basis: { ...nothing, kind: 'builtin', text } };
    }
    case 'worker': {
      const text = 'It runs on a worker: what that calls by itself is not recorded here';
      return { samples: [noUse], records: 1, basis: { ...nothing, kind: 'builtin', text } };
    }
    case 'none':
      return { samples: undefined, records: 1, basis: { ...nothing, kind: 'none', text: quote.problem } };
    case 'model':
      return history.tasks.length > 0 ? recordedUses(history) : configuredUses(quote, input);
  }
}

function recordedUses({ tasks, models, ...of }: CallHistory): Sampled<TaskUse> {
  const calls = tasks.reduce((sum, task) => sum + task.calls, 0);
  const unpriced = tasks.some(({ money }) => money === undefined);
  const text = unpriced ? 'Some of the recorded calls have no price' : '';
  const basis: Basis = { kind: 'history', tasks: tasks.length, calls, models, text, ...of };
  return { samples: tasks, records: tasks.length, basis };
}

/** Points of a range that stands for what nobody knows. */
const pointsMax = 20;

/** One call for each task, which reads the prompt and the input, and writes anything up to its limit. */
function configuredUses(quote: Quote, input: AgentFacts['input']): Sampled<TaskUse> {
  const { instructionTokens, outputTokensMax, price, model } = quote;
  const inputTokens = instructionTokens + input.tokens;
  const samples = Array.from({ length: pointsMax }, (_, at): TaskUse => {
    const outputTokens = ((at + 0.5) / pointsMax) * outputTokensMax;
    const nanos = price && (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
    const money = price && nanos !== undefined ? { money: { currency: price.currency, nanos } } : {};
    return { calls: 1, inputTokens, outputTokens, ...money };
  });
  const sentences = [
    'Nothing is recorded: one call for each task is assumed, which reads the prompt and the input and writes any length up to max_output_tokens; tools, repairs and what other agents hand on are not in it',
    ...(input.isAssumed ? [`the input is assumed to have ${input.tokens} tokens: give a sample`] : []),
    ...(price ? [] : [`the price of ${model} is not known: MODEL_PRICES of the agents service must have it`]),
  ];
  const basis: Basis = { ...nothing, kind: 'configuration', models: [model], text: sentences.join('; ') };
  return { samples, records: 1, basis };
}

/** How long a task of the agent takes, in seconds, where tasks on the same kind of runtime are recorded. */
export function taskSeconds({ version, quote, times }: AgentFacts): Sampled<number> {
  const alike = times.filter(({ runtime }) => runtimeOf(runtime) === quote.runtime);
  const versions = alike.map(({ agentVersion }) => agentVersion);
  const chosen = versions.includes(version) ? version : Math.max(0, ...versions);
  const found = alike.filter(({ agentVersion }) => agentVersion === chosen);
  if (found.length === 0) {
    const text = 'No task of the agent that succeeded is among the newest runs';
    return { samples: undefined, records: 1, basis: { ...nothing, kind: 'none', text } };
  }
  const moments = found.map(({ atMs }) => atMs);
  const stretch = { fromMs: Math.min(...moments), toMs: Math.max(...moments) };
  const basis: Basis = {
    ...nothing,
    kind: 'history',
    tasks: found.length,
    version: chosen,
    text: '',
    ...stretch,
  };
  return { samples: found.map(({ durationMs }) => durationMs / 1_000), records: found.length, basis };
}

function runtimeOf(name: string): Quote['runtime'] {
  if (name === 'builtin') return 'builtin';
  if (name === 'offline rules') return 'offline';
  return name.startsWith('worker:') ? 'worker' : 'model';
}

/** A price of a quote from decimal text for a million tokens. */
export function quotedPrice(price: {
  readonly currency: string;
  readonly inputPerMillion: string;
  readonly outputPerMillion: string;
}): NonNullable<Quote['price']> {
  const { currency, inputPerMillion, outputPerMillion } = price;
  return { currency, input: nanosOf(inputPerMillion), output: nanosOf(outputPerMillion) };
}
