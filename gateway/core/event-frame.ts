// Server-sent events as text (WHATWG HTML, section 9.2). What they tell, and to whom, is not its business.

/** One event. */
export interface ServerEvent {
  readonly name: string;
  /** Where a client goes on after it, without line breaks; absent leaves the client where it was. */
  readonly id?: string;
  readonly data: object;
}

/** An event with its data as JSON, which has no line breaks of its own. */
export function eventFrame({ name, id, data }: ServerEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Moves a client that keeps ids to this place, and tells it nothing. The id has no line breaks. */
export function placeFrame(id: string): string {
  return `id: ${id}\n\n`;
}

/** How long a client waits before it comes back, in whole milliseconds. */
export function retryFrame(waitMs: number): string {
  return `retry: ${waitMs}\n\n`;
}

/** A line that clients skip; the text has no line breaks. */
export function commentFrame(text: string): string {
  return `: ${text}\n\n`;
}
