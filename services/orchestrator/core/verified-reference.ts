// References that the platform has verified: the only ones that an answer may rest on.

/** A report that exists in the run's domain. */
export interface VerifiedReference {
  readonly referenceId: string;
  /** raw_text, cut to 200 characters. */
  readonly summary: string;
  readonly status: string;
  /** Absent when the place is unknown. */
  readonly location?: { readonly longitude: number; readonly latitude: number };
}
