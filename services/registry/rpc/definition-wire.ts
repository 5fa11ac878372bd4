// What agents and domains have in common as messages: the definition that is sent, warnings, violations and differences.
import { fromJson, type MessageInitShape } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { violationsMax } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { FieldViolationSchema } from '../../../proto/gen/domainflow/common/v1/fault_pb.js';
import type {
  DefinitionChangeSchema,
  DefinitionWarningSchema,
} from '../../../proto/gen/domainflow/registry/v1/definition_pb.js';
import type { DefinitionWarning } from '../core/definition-warning.ts';
import type { JsonChange } from '../core/json-diff.ts';
import { agentClassMessage } from './agent-wire.ts';

/** The definition of a request; one that was not sent reads as an empty one, which lacks what is required. */
export function definitionOf(request: { readonly definition?: JsonObject }): JsonObject {
  return request.definition ?? {};
}

/** Warnings as they are sent. */
export function warningMessages(
  warnings: readonly DefinitionWarning[],
): MessageInitShape<typeof DefinitionWarningSchema>[] {
  return warnings.map((warning) => ({ ...warning, playbook: agentClassMessage(warning.playbook) }));
}

/** Violated rules as a judgement tells them: the first 100, as in a refusal. */
export function violationMessages(
  violations: readonly Violation[],
): MessageInitShape<typeof FieldViolationSchema>[] {
  return violations.slice(0, violationsMax).map(({ field, reason }) => ({ field, reason }));
}

/** Differences as they are sent. A value that is JSON null is told from one that is absent. */
export function changeMessages(
  changes: readonly JsonChange[],
): MessageInitShape<typeof DefinitionChangeSchema>[] {
  return changes.map(({ path, before, after }) => ({
    path,
    ...(before === undefined ? {} : { before: fromJson(ValueSchema, before) }),
    ...(after === undefined ? {} : { after: fromJson(ValueSchema, after) }),
  }));
}
