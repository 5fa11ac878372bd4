// Storing the next version of a domain, whatever made it: its content was read, is judged here, and is stored if it keeps all rules.
import { Fault } from '../../../foundation/fault/fault.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { Domain } from '../core/domain.ts';
import type { DomainDraft } from '../core/domain-definition.ts';
import { domainRecord, nextDomainVersion } from '../core/domain-version.ts';
import type { DefinitionFacts, DefinitionWrites } from '../store/store.ts';
import { warningMessages } from './definition-wire.ts';
import type { DomainDeps } from './domain-deps.ts';
import { domainMessage } from './domain-wire.ts';
import { judgeDraft } from './judge-domain.ts';
import { requireGatesOfDomain } from './require-gate.ts';

/** A version to store. */
export interface NextDomainVersion {
  readonly operation: 'update' | 'rollback';
  /** The newest version. */
  readonly before: Domain;
  /** What changes of it. */
  readonly draft: DomainDraft;
}

/**
 * Judges and stores the version, and answers as UpdateDomain. Fault `invalid_argument` with every violated rule; `failed_precondition` with
 * every golden set that is required and was not passed.
 */
export async function storeDomainVersion(
  change: DefinitionFacts & DefinitionWrites,
  { operation, before, draft }: NextDomainVersion,
  { limits, clock }: DomainDeps,
) {
  const { violations, warnings, content } = await judgeDraft(change, draft, { before, limits });
  refuseProblems(violations);
  if (!content) throw new Fault('internal', 'A definition without problems lacks a part');
  const after = nextDomainVersion(before, content, new Date(clock()));
  await requireGatesOfDomain(change, { before, after }, limits);
  await change.insertDomainVersion(after, domainRecord(operation, { before, after }));
  return { domain: domainMessage(after), warnings: warningMessages(warnings) };
}
