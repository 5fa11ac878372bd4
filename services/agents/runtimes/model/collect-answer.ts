// Reads a model's stream to its end and puts the answer together, telling its text as it comes. A stream that breaks off is an error.
import type { AnswerPart, ModelAnswer, ModelStream } from './language-model.ts';

/** Thrown when the stream says itself that it failed; `told` is what the provider said, for telling faults apart and for nothing else. */
export class StreamFailed extends Error {
  readonly told: unknown;

  constructor(told: unknown) {
    super('The stream of the model ended in an error');
    this.name = 'StreamFailed';
    this.told = told;
  }
}

/** The answer of a stream. What reading throws passes through. */
export async function collectAnswer(
  stream: ModelStream,
  onText: (text: string) => void,
): Promise<ModelAnswer> {
  const content: AnswerPart[] = [];
  const open = new Map<string, Mutable>();
  let response: ModelAnswer['response'] = {};
  for await (const part of stream) {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        begin(part.type === 'text-start' ? 'text' : 'reasoning', part, { content, open });
        break;
      case 'text-delta':
        onText(part.delta);
        extend(open, part);
        break;
      case 'reasoning-delta':
      case 'text-end':
      case 'reasoning-end':
        extend(open, part);
        break;
      case 'response-metadata':
        response = { ...response, ...part };
        break;
      case 'error':
        throw new StreamFailed(part.error);
      case 'finish': {
        if (part.finishReason.unified === 'error') throw new StreamFailed(undefined);
        const { finishReason, usage, providerMetadata } = part;
        // Warnings of the SDK are left out: it would write them to the console.
        const end = { finishReason, usage, response, warnings: [] };
        return { content, ...end, ...(providerMetadata ? { providerMetadata } : {}) };
      }
      case 'tool-call':
      case 'tool-result':
      case 'file':
      case 'source':
        content.push(part);
    }
  }
  throw new StreamFailed(undefined);
}

type Mutable = Extract<AnswerPart, { type: 'text' | 'reasoning' }>;

interface Marked {
  readonly id: string;
  readonly delta?: string;
  readonly providerMetadata?: Mutable['providerMetadata'];
}

interface Collected {
  readonly content: AnswerPart[];
  readonly open: Map<string, Mutable>;
}

function begin(type: Mutable['type'], { id, providerMetadata }: Marked, { content, open }: Collected): void {
  const part: Mutable = { type, text: '', ...(providerMetadata ? { providerMetadata } : {}) };
  content.push(part);
  open.set(id, part);
}

// Signatures of what a model thought come with the last part, and must be handed back with it.
function extend(open: Map<string, Mutable>, { id, delta = '', providerMetadata }: Marked): void {
  const part = open.get(id);
  if (!part) return;
  part.text += delta;
  if (providerMetadata) part.providerMetadata = { ...part.providerMetadata, ...providerMetadata };
}
