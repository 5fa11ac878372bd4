// Reads the settings of a playbook that a caller wrote. All are optional; what is absent means the platform's default, which is not known
// here.

import type { DocumentReader, NumberRange } from '../../../foundation/json/document.ts';
import type { AgentClass } from './agent.ts';
import { categoryModelNames } from './category-model-names.ts';
import type { PlaybookSettings } from './playbook.ts';

const retries: NumberRange = { min: 0, max: 10 };
/** At most a day: longer work belongs to a worker that reports progress, not to one attempt. */
const taskTimeoutS: NumberRange = { min: 1, max: 86_400 };
/** At least 10 s, since no agent starts with less left, and at most 30 days. */
const executionTimeoutS: NumberRange = { min: 10, max: 30 * 86_400 };

/** The settings in the field `settings` of a playbook; what is absent or wrong is left out. */
export function readPlaybookSettings(playbook: DocumentReader, agentClass: AgentClass): PlaybookSettings {
  const doc = playbook.inside('settings');
  if (!doc) return {};
  const failurePolicy = doc.oneOf('failure_policy', ['fail_fast', 'continue']);
  const apply = doc.oneOf('apply', ['auto', 'review']);
  if (doc.has('apply') && agentClass !== 'management') {
    doc.refuse('apply', 'is a setting of the management playbook alone');
  }
  const categoryModel = doc.oneOf('category_model', categoryModelNames);
  if (doc.has('category_model') && agentClass !== 'ingestion') {
    doc.refuse('category_model', 'is a setting of the ingestion playbook alone');
  }
  return {
    ...(failurePolicy && { failurePolicy }),
    ...readFigures(doc),
    ...(apply && { apply }),
    ...(categoryModel && { categoryModel }),
  };
}

function readFigures(
  doc: DocumentReader,
): Omit<PlaybookSettings, 'failurePolicy' | 'apply' | 'categoryModel'> {
  const maxRetries = doc.integer('max_retries', retries);
  const attemptTimeoutS = doc.integer('attempt_timeout_s', taskTimeoutS);
  const totalTimeoutS = doc.integer('total_timeout_s', taskTimeoutS);
  const runTimeoutS = doc.integer('execution_timeout_s', executionTimeoutS);
  if (isLonger(attemptTimeoutS, totalTimeoutS)) {
    doc.refuse('attempt_timeout_s', 'must not be longer than total_timeout_s');
  }
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(attemptTimeoutS === undefined ? {} : { attemptTimeoutS }),
    ...(totalTimeoutS === undefined ? {} : { totalTimeoutS }),
    ...(runTimeoutS === undefined ? {} : { executionTimeoutS: runTimeoutS }),
  };
}

function isLonger(part: number | undefined, whole: number | undefined): boolean {
  return part !== undefined && whole !== undefined && part > whole;
}
