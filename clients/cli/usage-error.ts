// A wrong use of the command, as against a refusal of the API.

/** The sentence says what is wrong and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The work was done and came to nothing good, and the output has said so: the command ends with status 1 and says no more. */
export class Failed extends Error {
  override readonly name = 'Failed';
}
