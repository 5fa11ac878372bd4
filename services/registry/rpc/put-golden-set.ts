// PutGoldenSet: stores a golden set, or its next version.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { Actor } from '../core/actor.ts';
import type { Domain } from '../core/domain.ts';
import { requireVersion } from '../core/expected-version.ts';
import { unknownPaths } from '../core/golden-paths.ts';
import {
  type GoldenSet,
  type GoldenSetContent,
  goldenSetsPerDomainMax,
  isGoldenSetName,
  requiredSetsMax,
} from '../core/golden-set.ts';
import { auditedGoldenSet, readGoldenSet } from '../core/golden-set-document.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { warningMessages } from './definition-wire.ts';
import { comparePlans } from './gate-sides.ts';
import { goldenSetMessage } from './golden-set-wire.ts';
import type { AgentWriting } from './judge-agent.ts';
import { findChangeable } from './judge-domain.ts';

/** PutGoldenSet. `permission_denied` below admin and for a domain of the platform; see the service for the others. */
export function putGoldenSet({
  store,
  rules,
  clock,
}: AgentWriting): ServiceImpl<typeof GoldenSetService>['putGoldenSet'] {
  return async ({ domainId, name, definition = {}, expectedVersion }, context) => {
    const actor = actorOf(context, 'admin');
    const { content, problems } = readGoldenSet(definition);
    return store.changeDefinitions(actor, async (change) => {
      const domain = await findChangeable(change, actor, domainId);
      if (!isGoldenSetName(name)) throw wrongName();
      refuseProblems(problems);
      const before = await change.goldenSet(domain, name);
      requireVersion(expectedVersion, before?.version);
      await requireRoom(change, domain, { before, required: content.required });
      const set = nextVersion({ domain, name, content, actor }, before, new Date(clock()));
      const isFirst = before === undefined;
      await change.putGoldenSet(domain, set, {
        operation: isFirst ? 'create' : 'update',
        entityType: 'golden_set',
        entityId: `${domainId}/${name}`,
        message: `Version ${set.version} of the golden set was stored; it is ${set.required ? '' : 'not '}required`,
        before: before && auditedGoldenSet(before),
        after: auditedGoldenSet(set),
      });
      const plansOf = await comparePlans(change, { before: domain, after: domain }, rules.limits);
      const warnings = unknownPaths({ domainId, content, plan: plansOf(content.playbook).present });
      return { goldenSet: goldenSetMessage(set), created: isFirst, warnings: warningMessages(warnings) };
    });
  };
}

function wrongName(): Fault {
  const reason = 'must be 1 to 50 lower-case letters, digits or _, the first of them a letter';
  return invalidArgument([{ field: 'name', reason }]);
}

interface Written {
  readonly domain: Domain;
  readonly name: string;
  readonly content: GoldenSetContent;
  readonly actor: Actor;
}

function nextVersion(
  { domain, name, content, actor }: Written,
  before: GoldenSet | undefined,
  now: Date,
): GoldenSet {
  const updatedAt = before && before.updatedAt > now ? before.updatedAt : now;
  return {
    ...content,
    domainId: domain.domainId,
    name,
    version: (before?.version ?? 0) + 1,
    rowsTotal: content.rows.length,
    createdAt: before?.createdAt ?? now,
    updatedAt,
    updatedBy: actor.userId,
  };
}

async function requireRoom(
  facts: DefinitionFacts,
  domain: Domain,
  { before, required }: { readonly before: GoldenSet | undefined; readonly required: boolean },
): Promise<void> {
  if (!before && (await facts.goldenSets(domain)).length >= goldenSetsPerDomainMax) {
    const full = `The domain has ${goldenSetsPerDomainMax} golden sets; delete one first`;
    throw new Fault('failed_precondition', full);
  }
  if (!required || before?.required) return;
  if ((await facts.requiredSets()).length < requiredSetsMax) return;
  const full = `The tenant has ${requiredSetsMax} golden sets that are required; store another one with required false first`;
  throw new Fault('failed_precondition', full);
}
