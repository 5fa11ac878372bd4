// How long the input of a task is, in tokens, where nobody has counted: as long as the sample says, else as the recorded runs say.

/** UTF-8 bytes that make a token on average, as the agents service guesses too. */
const bytesPerToken = 4;
/** What a job's input holds beside its text, in bytes. */
const aroundTextBytes = 200;
/** The input of a run where neither a sample nor a record says anything, in bytes. */
const assumedBytes = 2_000;

/** The mean size of an input. */
export interface InputSize {
  readonly tokens: number;
  /** True for want of a sample and of records. */
  readonly isAssumed: boolean;
}

/** The size by the texts of a sample, or by the sizes of recorded inputs in bytes. */
export function inputSize(sample: readonly string[], recordedBytes: readonly number[]): InputSize {
  const sizes =
    sample.length > 0 ? sample.map((text) => Buffer.byteLength(text) + aroundTextBytes) : recordedBytes;
  const isAssumed = sizes.length === 0;
  const mean = isAssumed ? assumedBytes : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { tokens: Math.ceil(mean / bytesPerToken), isAssumed };
}
