// Tells errors by their shape, because those of another realm (a worker, a VM, the platform itself) are no instances of this one's Error.

/** True for every Error and DOMException, whichever realm made it. */
export function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string' &&
    'stack' in value
  );
}
