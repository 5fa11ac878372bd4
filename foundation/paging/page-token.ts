// Cursors of lists: where a page ended, signed and bound to one tenant and one set of filters. A cursor is opaque but not secret.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidArgument } from '../fault/fault.ts';

/** The longest cursor that is read, in characters; a longer one is refused. */
export const pageTokenLengthMax = 4096;

const keyBytesMin = 32;
const macBytes = 32;

/** What a cursor is bound to. */
export interface PageScope {
  readonly tenantId: string;
  /** The list and its filters as one canonical text: the same filters always give the same text. */
  readonly scope: string;
}

/** Seals and opens cursors under one key. */
export interface PageTokens {
  /** The cursor for a position: any JSON value, normally the sort key of the last item of a page. */
  seal(page: PageScope & { readonly position: unknown }): string;
  /** The position in a cursor. Throws `invalid_argument` on field `cursor` when it was altered, or sealed for another tenant or scope. */
  open(page: PageScope & { readonly token: string }): unknown;
}

/** Cursors under `key`: at least 32 bytes (a text counts in UTF-8), the same in all replicas. */
export function createPageTokens({ key }: { readonly key: string | Uint8Array }): PageTokens {
  const keyBytes = Buffer.from(key as string);
  if (keyBytes.length < keyBytesMin)
    throw new RangeError(`The page token key must have at least ${keyBytesMin} bytes`);
  const sign = ({ tenantId, scope }: PageScope, payload: Uint8Array): Buffer => {
    const bound = JSON.stringify(['page-token', tenantId, scope]);
    return createHmac('sha256', keyBytes).update(bound).update('\n').update(payload).digest();
  };
  return {
    seal: (page) => {
      const payload = Buffer.from(JSON.stringify(page.position));
      const token = Buffer.concat([sign(page, payload), payload]).toString('base64url');
      if (token.length > pageTokenLengthMax) throw new RangeError('The position is too large for a cursor');
      return token;
    },
    open: (page) => {
      const bytes = decode(page.token);
      const payload = bytes?.subarray(macBytes);
      if (!bytes || !payload || !timingSafeEqual(bytes.subarray(0, macBytes), sign(page, payload))) {
        throw invalidArgument([
          { field: 'cursor', reason: 'is not a cursor of this list with these filters' },
        ]);
      }
      return JSON.parse(payload.toString());
    },
  };
}

/** The bytes of canonical base64url, or undefined: a text that merely decodes to the same bytes counts as altered. */
function decode(token: string): Buffer | undefined {
  if (token.length > pageTokenLengthMax) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length > macBytes && bytes.toString('base64url') === token ? bytes : undefined;
}
