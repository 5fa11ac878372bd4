// The port to the answers that are kept for repeated requests.
import type { AnswerKey, HeldName, WantedClaim } from '../core/request-answer.ts';

/** A claim of a name. */
export interface NameClaim extends AnswerKey {
  /** UUID. */
  readonly claim: string;
}

/** Keeps who carries a request with a name out, and its answer. All times are the database's. */
export interface AnswerStore {
  /**
   * Claims a name that is free: new, older than `keptMs`, or of the same body without an answer and without a claim that holds. Answers the id
   * of the request then, and what is known of it otherwise.
   */
  claim(wanted: WantedClaim, keptMs: number): Promise<{ readonly requestId: string } | HeldName>;
  /** Keeps the answer, unless the claim was lost to another one. */
  keep(held: NameClaim, answer: Uint8Array): Promise<void>;
  /** Ends the claim without an answer, unless it was lost to another one. */
  release(held: NameClaim): Promise<void>;
}
