// A signal that asks a worker to stop, from those that a process is sent.

/** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => stopping.abort(new Error(`The process was sent ${name}`)));
  }
  return stopping.signal;
}
