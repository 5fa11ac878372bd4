// Seals the credentials of tools with AES-256-GCM before they are stored. What is sealed for one tool cannot be opened as another's, nor
// in another tenant. It keeps nothing and logs nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Fault } from '../../../foundation/fault/fault.ts';
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import type { CredentialKey } from '../core/tool-credentials.ts';

const algorithm = 'aes-256-gcm';
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Whose credentials they are. */
export interface SealedFor {
  readonly tenantId: string;
  readonly toolId: string;
}

/** Seals and opens credentials. */
export interface CredentialSeal {
  /** The sealed bytes; each time others. */
  seal(credentials: JsonObject, owner: SealedFor): Buffer;
  /** Fault `failed_precondition` for bytes that were altered, are someone else's, or whose key is not among the keys. */
  open(sealed: Buffer, owner: SealedFor): JsonObject;
}

/** A seal with the first key; every key of the list opens. There must be one at least. */
export function createCredentialSeal(keys: readonly CredentialKey[]): CredentialSeal {
  const [first] = keys;
  if (!first) throw new RangeError('Sealing needs a key');
  return {
    seal: (credentials, owner) => {
      const id = Buffer.from(first.id, 'ascii');
      const head = Buffer.concat([Buffer.of(version, id.length), id]);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(boundTo(head, owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed, owner) => {
      const headBytes = 2 + (sealed[1] ?? 0);
      const id = sealed.toString('ascii', 2, headBytes);
      const key = sealed[0] === version ? keys.find((each) => each.id === id) : undefined;
      if (!key) throw unopened('They were sealed with a key that is not configured');
      const tagAt = headBytes + nonceBytes;
      const nonce = sealed.subarray(headBytes, tagAt);
      const tag = sealed.subarray(tagAt, tagAt + tagBytes);
      try {
        const decipher = createDecipheriv(algorithm, key.key, nonce, { authTagLength: tagBytes })
          .setAAD(boundTo(sealed.subarray(0, headBytes), owner))
          .setAuthTag(tag);
        const text = Buffer.concat([decipher.update(sealed.subarray(tagAt + tagBytes)), decipher.final()]);
        return objectIn(text.toString('utf8'));
      } catch (error) {
        throw unopened('They are not what was stored for it', error);
      }
    },
  };
}

function boundTo(head: Buffer, { tenantId, toolId }: SealedFor): Buffer {
  return Buffer.concat([head, Buffer.from(`${tenantId.toLowerCase()} ${toolId.toLowerCase()}`, 'ascii')]);
}

function objectIn(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

function unopened(why: string, cause?: unknown): Fault {
  const sentence = `The credentials of the tool cannot be opened. ${why}; store them again`;
  return new Fault('failed_precondition', sentence, { cause });
}
