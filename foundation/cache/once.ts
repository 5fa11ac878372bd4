// What is made when it is first asked for and then stays: data that a process reads from its own files. It forgets nothing and has no limit of
// its own, so it is for a fixed number of things.

/** Answers what the first call made to every later one. When making it throws, nothing is kept and the next call tries again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
