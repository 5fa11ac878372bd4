// A client of event streams that reads frame by frame, and only when it is asked to.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** One frame: an event, a comment, a bare id or a time to wait. Lines that it lacks are absent. */
export interface TestFrame {
  readonly event?: string;
  readonly id?: string;
  readonly retry?: string;
  readonly comment?: string;
  /** Parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape.
  readonly data?: any;
}

/** An open stream. */
export interface TestEventStream {
  readonly answer: IncomingMessage;
  /** The next event or bare id; undefined when the stream has ended. Comments are skipped. */
  next(): Promise<TestFrame | undefined>;
  /** The next frame of any kind. */
  nextFrame(): Promise<TestFrame | undefined>;
  /** Every event until the stream ends. */
  rest(): Promise<TestFrame[]>;
  /** Goes away as a closed page does. */
  close(): void;
}

/** What a stream is asked for with. */
export interface TestStreamRequest {
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens the stream at this URL; resolves with the head of the answer, whatever its status. */
export async function openEventStream(
  url: string,
  { token, headers = {} }: TestStreamRequest,
): Promise<TestEventStream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent: ClientRequest = request(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    agent: false,
  });
  sent.on('response', resolve).on('error', reject).end();
  const answer = await promise;
  answer.on('error', () => undefined); // a stream that is cut off has ended
  const frames = framesOf(answer);
  const nextFrame = async () => (await frames.next()).value || undefined;
  const next = async (): Promise<TestFrame | undefined> => {
    const frame = await nextFrame();
    return frame?.comment === undefined && frame?.retry === undefined ? frame : next();
  };
  const rest = async (): Promise<TestFrame[]> => {
    const frame = await next();
    return frame ? [frame, ...(await rest())] : [];
  };
  return { answer, next, nextFrame, rest, close: () => sent.destroy() };
}

async function* framesOf(answer: IncomingMessage): AsyncGenerator<TestFrame, void> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) yield frameOf(frame);
    }
  } catch {
    // It was cut off.
  }
}

/** The frame of its text, without the empty line that ends it. */
export function frameOf(text: string): TestFrame {
  const fields = text.split('\n').map((line) => {
    const [, name = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') return [name, JSON.parse(value)];
    return [name || 'comment', value];
  });
  return Object.fromEntries(fields);
}
