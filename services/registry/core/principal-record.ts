// What is kept of a caller: which texts fit, and which username is stored when the wished one belongs to someone else.
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';

const tenantNameMax = 200;
const subjectMax = 255;
const usernameMax = 100;
const emailMax = 255;
const suffixDigits = 8;

/** A caller as the credential describes it. Lengths are counted in code points, as the database counts them. */
export interface PrincipalClaims {
  /** Name for a tenant that comes into being. */
  readonly tenantName: string;
  /** Whether an unknown tenant comes into being. */
  readonly createTenant: boolean;
  /** `sub` of the credential. */
  readonly subject: string;
  readonly username: string;
  /** Empty when the credential names none. */
  readonly email: string;
}

/** What is written for a user. */
export interface UserRecord {
  readonly username: string;
  /** Null when none is known, or when it belongs to another user. */
  readonly email: string | null;
  readonly subject: string;
}

/** The claims fit to be stored: long names are cut. Fault `invalid_argument` names every text that cannot be kept. */
export function readClaims(claims: PrincipalClaims): PrincipalClaims {
  const violations = [
    ...(claims.createTenant ? blankOrUnfit('tenant_name', claims.tenantName) : []),
    ...blankOrUnfit('subject', claims.subject, subjectMax),
    ...blankOrUnfit('username', claims.username),
    ...(claims.email === '' ? [] : blankOrUnfit('email', claims.email, emailMax)),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
  const { tenantName, username } = claims;
  return { ...claims, tenantName: cut(tenantName, tenantNameMax), username: cut(username, usernameMax) };
}

/** The username with `#` and the last 8 digits of the user's id, for one that is already taken by another subject. */
export function distinctUsername(username: string, userId: string): string {
  return `${cut(username, usernameMax - suffixDigits - 1)}#${userId.slice(-suffixDigits)}`;
}

function blankOrUnfit(field: string, text: string, lengthMax = Number.POSITIVE_INFINITY): Violation[] {
  if (text.trim() === '') return [{ field, reason: 'must not be blank' }];
  if (text.includes('\0')) return [{ field, reason: 'must not hold a NUL character' }];
  return [...text].length > lengthMax ? [{ field, reason: `has more than ${lengthMax} characters` }] : [];
}

function cut(text: string, lengthMax: number): string {
  return [...text].slice(0, lengthMax).join('');
}
