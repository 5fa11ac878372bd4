// From the claims of a verified token to an identity of the platform. The token's signature, issuer and times were checked before.
import { Fault } from '../../foundation/fault/fault.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { highestRole, type Role } from '../../foundation/identity/role.ts';
import { isPlainText } from '../../foundation/json/plain-text.ts';
import { tenantIdOf, userIdOf } from '../core/identity-ids.ts';
import { systemTenantId, systemTenantName } from './system-tenant.ts';

/** Which claims say what. */
export interface ClaimRules {
  readonly tenantClaim: string;
  readonly usernameClaim: string;
  /** Tried in order; the first that is present counts. */
  readonly rolesClaims: readonly string[];
  /** Role of a user whose token names none. */
  readonly defaultRole: Role;
}

/** What a token says of its bearer. */
export interface ClaimedIdentity {
  readonly principal: Principal;
  readonly role: Role;
  /** The tenant value as it stands in the token. */
  readonly tenantName: string;
  readonly subject: string;
  /** Undefined when the token has none. */
  readonly email: string | undefined;
}

const subjectLengthMax = 255;
const tenantLengthMax = 200;
const usernameLengthMax = 100;
const emailLengthMax = 255;

/** The identity in the claims; Fault `unauthenticated` without a usable subject or tenant, and for the system tenant. */
export function identityOf(claims: Readonly<Record<string, unknown>>, rules: ClaimRules): ClaimedIdentity {
  const subject = textClaim(claims.sub, subjectLengthMax);
  if (subject === undefined) throw new Fault('unauthenticated', 'The credential names no user');
  const tenantName = textClaim(claims[rules.tenantClaim], tenantLengthMax);
  if (tenantName === undefined) throw new Fault('unauthenticated', 'The credential names no tenant');
  const tenantId = tenantIdOf(tenantName);
  if (tenantId === systemTenantId || tenantName.toLowerCase() === systemTenantName) {
    throw new Fault('unauthenticated', 'No credential acts for the system tenant');
  }
  const role = highestRole(rolesIn(claims, rules.rolesClaims)) ?? rules.defaultRole;
  const email = textClaim(claims.email, emailLengthMax);
  const username = textClaim(claims[rules.usernameClaim]) ?? email ?? subject;
  const principal = {
    tenantId,
    userId: userIdOf(subject),
    username: username.slice(0, usernameLengthMax).toWellFormed(),
    roles: [role],
  };
  return { principal, role, tenantName, subject, email };
}

function textClaim(value: unknown, lengthMax = Number.POSITIVE_INFINITY): string | undefined {
  const usable = typeof value === 'string' && value.trim() !== '' && value.length <= lengthMax;
  return usable && isPlainText(value) ? value : undefined;
}

function rolesIn(claims: Readonly<Record<string, unknown>>, names: readonly string[]): readonly string[] {
  const value = names.map((name) => claims[name]).find((claim) => claim !== undefined);
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(/[\s,]+/) : [];
}
