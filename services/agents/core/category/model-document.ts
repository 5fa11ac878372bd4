// Category models as JSON documents, the form in which they are kept: facts in words, numbers of grams as Base64 of little-endian values.

import { Buffer } from 'node:buffer';
import type { JsonObject, JsonValue } from '../skill.ts';
import type { CategoryModel } from './category-model.ts';
import type { LinearScorer } from './linear-scorer.ts';
import { createTermTable } from './term-table.ts';

/** A scorer in its document. */
export interface StoredScorer {
  readonly labels: readonly string[];
  readonly steps: readonly number[];
  readonly biases: readonly number[];
  readonly document_count: number;
  readonly documents: string;
  readonly hashes: string;
  readonly weights: string;
}

interface StoredModel {
  readonly name: string;
  readonly version: number;
  readonly language: string;
  readonly source: string;
  readonly licence: string;
  readonly training_texts: number;
  readonly training_sha256: string;
  readonly cross_validation: { readonly macro_f1: number; readonly accuracy: number };
  readonly temperature: number;
  readonly main: StoredScorer;
  readonly auxiliaries: readonly StoredScorer[];
}

/** The document of a model; the same model gives the same document. */
export function modelDocument({ facts, main, auxiliaries, temperature }: CategoryModel): JsonObject {
  const { macroF1, accuracy } = facts.crossValidation;
  const stored: StoredModel = {
    name: facts.name,
    version: facts.version,
    language: facts.language,
    source: facts.source,
    licence: facts.licence,
    training_texts: facts.trainingTexts,
    training_sha256: facts.trainingHash,
    cross_validation: { macro_f1: macroF1, accuracy },
    temperature,
    main: storedScorer(main),
    auxiliaries: auxiliaries.map(storedScorer),
  };
  return stored as unknown as JsonObject;
}

/** The model in a document that `modelDocument` made; a document that lacks a part throws an error that names it. */
export function modelOf(document: JsonValue): CategoryModel {
  const stored = document as unknown as StoredModel;
  for (const part of ['name', 'cross_validation', 'temperature', 'main', 'auxiliaries'] as const) {
    if (stored[part] === undefined) throw new Error(`The category model lacks ${part}`);
  }
  const { macro_f1: macroF1, accuracy } = stored.cross_validation;
  return {
    facts: {
      name: stored.name,
      version: stored.version,
      language: stored.language,
      source: stored.source,
      licence: stored.licence,
      trainingTexts: stored.training_texts,
      trainingHash: stored.training_sha256,
      crossValidation: { macroF1, accuracy },
    },
    main: scorerOf(stored.main),
    auxiliaries: stored.auxiliaries.map(scorerOf),
    temperature: stored.temperature,
  };
}

/** The document of a scorer. */
export function storedScorer({ table, labels, weights, steps, biases }: LinearScorer): StoredScorer {
  return {
    labels,
    steps,
    biases,
    document_count: table.documentCount,
    documents: base64(Uint8Array.from([...table.documents].flatMap((each) => littleEndian(each, 2)))),
    hashes: base64(Uint8Array.from([...table.hashes].flatMap((each) => littleEndian(each, 4)))),
    weights: base64(new Uint8Array(weights.buffer, weights.byteOffset, weights.length)),
  };
}

/** The scorer of a document. */
export function scorerOf({ labels, steps, biases, ...stored }: StoredScorer): LinearScorer {
  const hashes = bytesOf(stored.hashes);
  const documents = bytesOf(stored.documents);
  const count = hashes.length / 4;
  const table = createTermTable({
    documentCount: stored.document_count,
    documents: Uint16Array.from({ length: count }, (_, row) => documents.readUInt16LE(row * 2)),
    hashes: Uint32Array.from({ length: count }, (_, row) => hashes.readUInt32LE(row * 4)),
  });
  return { table, labels, steps, biases, weights: new Int8Array(bytesOf(stored.weights)) };
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => (value >>> (8 * at)) & 0xff);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
