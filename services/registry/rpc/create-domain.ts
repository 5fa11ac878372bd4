// CreateDomain: judges a definition and stores it as version 1 of a new domain.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { readNewDomain } from '../core/domain-definition.ts';
import { domainRecord, firstDomainVersion } from '../core/domain-version.ts';
import { actorOf } from './actor.ts';
import { definitionOf, warningMessages } from './definition-wire.ts';
import type { DomainDeps } from './domain-deps.ts';
import { domainNow } from './domain-now.ts';
import { domainMessage } from './domain-wire.ts';
import { judgeDraft } from './judge-domain.ts';

/** CreateDomain. A tenant's definitions change one after another, so that of two requests for one id the second finds it taken. */
export function createDomain({
  store,
  limits,
  clock,
}: DomainDeps): ServiceImpl<typeof DomainService>['createDomain'] {
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    const draft = readNewDomain(definitionOf(request), limits);
    const { domainId = '' } = draft;
    return store.changeDefinitions(actor, async (change) => {
      const earlier = await change.earlierWrite();
      if (earlier !== undefined) return domainNow(change, earlier);
      const { violations, warnings, content } = await judgeDraft(change, draft, { limits });
      refuseProblems(violations);
      if (!content) throw new Fault('internal', 'A definition without problems lacks a part');
      if (await change.domain({ id: domainId, version: 0 })) {
        throw new Fault('already_exists', `The domain_id ${domainId} is taken; choose another one`);
      }
      const createdAt = new Date(clock());
      const domain = firstDomainVersion({ id: newId(), domainId, content, createdAt }, actor);
      await change.insertDomain(domain, domainRecord('create', { after: domain }));
      return { domain: domainMessage(domain), warnings: warningMessages(warnings) };
    });
  };
}
