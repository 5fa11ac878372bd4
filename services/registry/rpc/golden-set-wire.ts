// Golden sets of the core as messages, and how one is found.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { notFound } from '../../../foundation/fault/fault.ts';
import {
  type GoldenSet as GoldenSetMessage,
  GoldenSetSchema,
} from '../../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import { isDomainId } from '../core/definition-id.ts';
import type { Domain } from '../core/domain.ts';
import { type GoldenSet, isGoldenSetName } from '../core/golden-set.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { agentClassMessage } from './agent-wire.ts';

/** A set as it is sent. */
export function goldenSetMessage(set: GoldenSet): GoldenSetMessage {
  return create(GoldenSetSchema, {
    ...set,
    playbook: agentClassMessage(set.playbook),
    rows: set.rows.map(({ input, expected }) => ({ input, expected })),
    thresholds: { ...set.thresholds },
    createdAt: timestampFromDate(set.createdAt),
    updatedAt: timestampFromDate(set.updatedAt),
  });
}

/** The newest version of a domain that the tenant sees. Fault `not_found`. */
export async function findDomain(facts: DefinitionFacts, domainId: string): Promise<Domain> {
  const domain = isDomainId(domainId) ? await facts.domain({ id: domainId, version: 0 }) : undefined;
  if (!domain) throw notFound('domain');
  return domain;
}

/** A set of a domain. Fault `not_found`. */
export async function findGoldenSet(
  facts: DefinitionFacts,
  domain: Pick<Domain, 'id'>,
  name: string,
): Promise<GoldenSet> {
  const set = isGoldenSetName(name) ? await facts.goldenSet(domain, name) : undefined;
  if (!set) throw notFound('golden set');
  return set;
}
