// How names from a credential become the ids that the platform works with: fixed, so that every replica derives the same ones.
import { isUuid, nameId } from '../../foundation/ids/ids.ts';

const tenantNamespace = '6f2d3c0e-5a41-5c7b-9b0c-3f4e8d1a7b21';
const userNamespace = 'c1f0a9d4-7e36-5b82-8a5d-90e2b6c47f13';

/** A tenant value as a UUID: a UUID as it is, in lower case, any other text as its UUIDv5. */
export function tenantIdOf(value: string): string {
  return isUuid(value) ? value.toLowerCase() : nameId(value, tenantNamespace);
}

/** The id of the user whose credential has this `sub`. */
export function userIdOf(subject: string): string {
  return nameId(subject, userNamespace);
}
