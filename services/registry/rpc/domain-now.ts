// What a request is answered that comes again after it has stored a version of a domain: the domain as it is now.
import { notFound } from '../../../foundation/fault/fault.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { domainMessage } from './domain-wire.ts';

/** The answer, without the warnings of then. Fault `not_found` when the domain is gone. */
export async function domainNow(facts: Pick<DefinitionFacts, 'domain'>, domainId: string) {
  const domain = await facts.domain({ id: domainId, version: 0 });
  if (!domain) throw notFound('domain');
  return { domain: domainMessage(domain), warnings: [] };
}
