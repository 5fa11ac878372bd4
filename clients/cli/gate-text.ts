// A gate as text: how far it is, what was measured, and why it did not pass. The candidate and single differences are left to --json.
import type { AnswerOf } from '../api/api-calls.ts';
import { detailLines } from './screen/details.ts';
import { plainText } from './screen/plain-text.ts';

type Gate = AnswerOf<'/api/v1/domains/{domain_id}/gate/{gate_id}', 'get'>;

/** The lines of a gate, its reasons last. */
export function gateLines(gate: Gate): readonly string[] {
  const { candidate: _, differences: __, ...shown } = gate;
  return [...detailLines(shown), ...gate.reasons.map((reason) => plainText(String(reason)))];
}
