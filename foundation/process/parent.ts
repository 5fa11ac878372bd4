// The conversation with the process that started this one over an IPC channel: ready, or why not. Without a channel it says nothing.

/** What a started process tells its parent, such as the address it listens on. Only values that survive JSON. */
export type ReadyInfo = Readonly<Record<string, string | number | boolean | null>>;

/** The one message a child sends when its start has ended: `{ ready: true, ...info }` or `{ ready: false, problem }`. */
export type StartMessage =
  | ({ readonly ready: true } & ReadyInfo)
  | { readonly ready: false; readonly problem: string };

/** True when this process was started with an IPC channel. */
export function hasParent(): boolean {
  return process.send !== undefined;
}

/** Tells the parent how the start ended and resolves when the message has left. A parent that is gone is no fault. */
export function tellParent(message: StartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

/** Calls back once when the parent has died or closed the channel; never when there is no parent. */
export function onParentGone(callback: () => void): void {
  if (!hasParent()) return;
  if (process.connected) process.once('disconnect', callback);
  else callback();
}

/** A child's message read by its parent, or undefined when it is not about its start. */
export function startMessageOf(message: unknown): StartMessage | undefined {
  if (typeof message !== 'object' || message === null || !('ready' in message)) return undefined;
  if (message.ready === true) return message as StartMessage;
  if (message.ready !== false || !('problem' in message)) return undefined;
  return { ready: false, problem: String(message.problem) };
}
