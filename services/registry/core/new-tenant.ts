// The rules for a tenant that an operator makes by hand. Every problem is reported at once.
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { isUuid, nameId } from '../../../foundation/ids/ids.ts';
import { isSystemTenant } from './system-tenant.ts';

/** The longest name of a tenant, in code points. */
export const tenantNameMax = 200;

/** The gateway has the same one, so that the name in a credential leads to the tenant of that name; a test holds them equal. */
const tenantNamespace = '6f2d3c0e-5a41-5c7b-9b0c-3f4e8d1a7b21';
const systemTenantName = 'system';
/** Stands in for the id of a name that is refused anyhow, from which none can be derived. */
const anyId = tenantNamespace;

/** A tenant to make. */
export interface NewTenant {
  /** UUID in lower case. */
  readonly id: string;
  readonly name: string;
}

/** The id of the tenant that a credential means by this text: a UUID as it is, in lower case, any other text as its UUIDv5. */
export function tenantIdOf(value: string): string {
  return isUuid(value) ? value.toLowerCase() : nameId(value, tenantNamespace);
}

/** The tenant when it keeps all rules, its id derived from the name when none is given; else Fault `invalid_argument` with every problem. */
export function readNewTenant(sent: { readonly name: string; readonly id?: string | undefined }): NewTenant {
  const { name, id } = sent;
  const problems: Violation[] = [];
  for (const reason of nameProblems(name)) problems.push({ field: 'name', reason });
  const derived = id ?? (problems.length > 0 ? anyId : tenantIdOf(name));
  if (!isUuid(derived)) {
    problems.push({ field: 'id', reason: 'must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057' });
  } else if (isSystemTenant(derived)) {
    problems.push({ field: 'id', reason: 'is the system tenant, which belongs to the platform' });
  }
  if (problems.length > 0) throw invalidArgument(problems);
  return { id: derived.toLowerCase(), name };
}

function nameProblems(name: string): string[] {
  if (name.trim() === '') return ['must not be blank'];
  const problems: string[] = [];
  if (name !== name.trim()) problems.push('must not begin or end with blanks');
  if ([...name].length > tenantNameMax) problems.push(`has more than ${tenantNameMax} characters`);
  if (/\p{Cc}/u.test(name)) problems.push('must not hold control characters');
  if (!name.isWellFormed()) problems.push('must not hold unpaired surrogates');
  if (name.trim().toLowerCase() === systemTenantName) problems.push('is the name of the system tenant');
  return problems;
}
