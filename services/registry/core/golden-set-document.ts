// What a golden set is as a document: read from what an admin wrote, and written for the audit log.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument } from '../../../foundation/json/document.ts';
import { type JsonObject, withoutAbsent } from '../../../foundation/json/json.ts';
import { readGoldenRows } from './golden-row.ts';
import {
  defaultDistanceKm,
  type GateThresholds,
  type GoldenPlaybook,
  type GoldenSet,
  type GoldenSetContent,
  goldenPlaybooks,
  goldenSetKilobytesMax,
} from './golden-set.ts';
import { storedJsonProblem } from './stored-json.ts';

const share = { min: 0, max: 1 };
const ratio = { min: 0.01, max: 1_000 };
const distance = { min: 0, max: 20_000 };

/** What was written. */
export interface GoldenSetRead {
  /** To be stored only if there are no problems. */
  readonly content: GoldenSetContent;
  readonly problems: readonly Violation[];
}

/** Reads a whole set: what is absent has its default, whatever the version before said. */
export function readGoldenSet(definition: JsonObject): GoldenSetRead {
  const size = storedJsonProblem(definition, goldenSetKilobytesMax);
  if (size) return { content: blank, problems: [{ field: 'body', reason: size }] };
  const problems: Violation[] = [];
  const document = readDocument(definition, problems);
  document.require('playbook', 'rows', 'thresholds');
  const playbook = readPlaybookWord(document, definition);
  const rows = readGoldenRows(document, problems, playbook);
  const thresholds = document.inside('thresholds');
  const tolerances = document.inside('tolerances');
  const content: GoldenSetContent = {
    playbook: playbook ?? blank.playbook,
    rows,
    thresholds: thresholds ? readThresholds(thresholds) : blank.thresholds,
    distanceKm: tolerances?.number('distance_km', distance) ?? defaultDistanceKm,
    required: document.flag('required') ?? false,
  };
  return { content, problems };
}

const blank: GoldenSetContent = {
  playbook: 'query',
  rows: [],
  thresholds: { precision: 1, recall: 1 },
  distanceKm: defaultDistanceKm,
  required: false,
};

function readPlaybookWord(document: DocumentReader, { playbook }: JsonObject): GoldenPlaybook | undefined {
  if (playbook !== 'management') return document.oneOf('playbook', goldenPlaybooks);
  document.refuse(
    'playbook',
    'must be ingestion or query: what a management playbook does is what it writes, and a gate writes nothing',
  );
  return undefined;
}

function readThresholds(document: DocumentReader): GateThresholds {
  document.require('precision', 'recall');
  const costRatioMax = document.number('cost_ratio_max', ratio);
  const latencyRatioMax = document.number('latency_ratio_max', ratio);
  return {
    precision: document.number('precision', share) ?? 1,
    recall: document.number('recall', share) ?? 1,
    ...(costRatioMax === undefined ? {} : { costRatioMax }),
    ...(latencyRatioMax === undefined ? {} : { latencyRatioMax }),
  };
}

/** What a set says, as its writer would write it. */
export function goldenSetDocument(content: GoldenSetContent): JsonObject {
  const { playbook, rows, thresholds, distanceKm, required } = content;
  const { precision, recall, costRatioMax, latencyRatioMax } = thresholds;
  const bounds = withoutAbsent({ cost_ratio_max: costRatioMax, latency_ratio_max: latencyRatioMax });
  return {
    playbook,
    rows: rows.map(({ input, expected }) => ({ input, expected })),
    thresholds: { precision, recall, ...bounds },
    tolerances: { distance_km: distanceKm },
    required,
  };
}

/** What the audit log keeps a hash of. */
export function auditedGoldenSet({ domainId, name, version, ...content }: GoldenSet): JsonObject {
  return { domain_id: domainId, name, version, ...goldenSetDocument(content) };
}
