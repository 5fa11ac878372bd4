// What gates have shown of a content, and what is said to whoever publishes it without enough of that.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { RequiredSet } from './golden-set.ts';

/** What is to be published, against what, by which set. */
export interface GateEvidenceAsked {
  readonly set: RequiredSet;
  /** See `planContentHash`. */
  readonly candidateHash: string;
  readonly presentHash: string;
}

/** A gate that was held by the set, whatever its version and whatever was published then. */
export interface GateShown {
  readonly gateId: string;
  readonly version: number;
  readonly presentHash: string;
  readonly passed: boolean;
  readonly failingPaths: readonly string[];
}

/** What gates have shown of a content. */
export interface GateEvidence {
  /** True when one has passed by this version of the set, against what is published. */
  readonly passed: boolean;
  /** The newest of exactly this content; absent when there was none. */
  readonly newest?: GateShown;
}

const pathsTold = 20;

/** Why what was asked for may not be published. `field` names the set. */
export function gateRefusal(asked: GateEvidenceAsked, { newest }: GateEvidence): Violation {
  const { domainId, name, playbook } = asked.set;
  const why = newest ? whyNotEnough(asked, newest) : 'no gate was held for this definition';
  const reason = `is required for the ${playbook} playbook of ${domainId}, and ${why}; run POST /domains/${domainId}/gate with this definition`;
  return { field: `golden_sets.${name}`, reason };
}

function whyNotEnough({ set }: GateEvidenceAsked, newest: GateShown): string {
  const { gateId, version, failingPaths, passed } = newest;
  if (!passed) {
    const told = failingPaths.slice(0, pathsTold).join(', ');
    const more = failingPaths.length > pathsTold ? ` and ${failingPaths.length - pathsTold} more` : '';
    const what = told === '' ? 'its reasons tell why' : `below the thresholds: ${told}${more}`;
    return `its newest gate ${gateId} did not pass (${what})`;
  }
  if (version !== set.version) {
    return `its newest gate ${gateId} passed by version ${version} of the set, which has version ${set.version} now`;
  }
  return `its newest gate ${gateId} compared it with what is not published any more`;
}
