// Seals answers with AES-256-GCM before they are kept elsewhere: some hold a secret. What was sealed for one request cannot be opened as that
// of another one.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeptAnswer } from '../core/kept-answer.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens answers. */
export interface AnswerSeal {
  /** The sealed bytes; each time others. `owner` names the request, its tenant and its user included. */
  seal(answer: KeptAnswer, owner: string): Uint8Array<ArrayBuffer>;
  /** Undefined for bytes that were altered, are of another request, or were sealed with another key. */
  open(sealed: Uint8Array, owner: string): KeptAnswer | undefined;
}

/** A seal with a key of 32 bytes. */
export function createAnswerSeal(key: Uint8Array): AnswerSeal {
  return {
    seal: (answer, owner) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
      return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text]));
    },
    open: (sealed, owner) => {
      const textAt = nonceBytes + tagBytes;
      try {
        const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(owner))
          .setAuthTag(sealed.subarray(nonceBytes, textAt));
        const text = Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
        return JSON.parse(text.toString('utf8'));
      } catch {
        return undefined;
      }
    },
  };
}
