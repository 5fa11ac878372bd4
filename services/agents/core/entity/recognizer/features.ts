// The features by which the sequence model judges a token: what it shows, what its neighbours show, and pairs of these. A feature is a
// hash; the model knows the weights of those that it met often enough while it was trained.

import { joinHashes } from '../../text/text-hash.ts';
import { edge, type TokenFacts } from './token-facts.ts';

/** The features of one token. */
export type Features = readonly number[];

/**
 * What a feature is about, so that equal numbers of different templates differ. A model fits only the templates that it was trained
 * with: train anew after any change here.
 */
const template = {
  ...{
    always: 1,
    word: 2,
    coarse: 3,
    middle: 4,
    fine: 5,
    shape: 6,
    commonness: 7,
    standing: 8,
    tag: 9,
  },
  ...{
    prefix: 11,
    suffix: 12,
    capital: 13,
    capitals: 14,
    commonPairBefore: 15,
    commonPairAfter: 16,
    camel: 17,
  },
  ...{
    digits: 18,
    acronym: 19,
    alsoSmall: 20,
    capitalCluster: 21,
    capitalTag: 22,
    wordPair: 23,
    wordShape: 24,
  },
  ...{ wordsBefore: 25, shapeWord: 26, clusterPair: 27, clusterShape: 28, shapes: 29 },
} as const;

/** What the whole text says of capitals. */
interface Manner {
  /** 0 when few words are capitalised, 2 when nearly all are and a capital proves little. */
  readonly capitals: number;
  /** The words that the text also writes in lower case. */
  readonly small: ReadonlySet<number>;
}

const near = [-1, 0, 1];
const far = [-2, 2];

/** The features of each token of one text, in their order. */
export function featuresOf(facts: readonly TokenFacts[]): Features[] {
  const manner = mannerOf(facts);
  return facts.map((token, at) => {
    const features: number[] = [];
    const around = (offset: number): TokenFacts => facts[at + offset] ?? edge;
    features.push(feature(template.always, 0));
    for (const offset of near) addNear(features, around(offset), offset);
    for (const offset of far) addFar(features, around(offset), offset);
    if (token.isWord) addLook(features, token, manner);
    if (token.isWord) addCapitals(features, around);
    addPairs(features, around);
    return features;
  });
}

function feature(kind: number, first: number, second = 0, third = 0): number {
  return joinHashes(joinHashes(joinHashes(kind, first), second), third);
}

function mannerOf(facts: readonly TokenFacts[]): Manner {
  const words = facts.filter(({ isWord }) => isWord);
  const share = words.filter(({ isCapital }) => isCapital).length / Math.max(1, words.length);
  const small = words.filter(({ isCapital }) => !isCapital).map(({ word }) => word);
  return { capitals: share > 0.8 ? 2 : share > 0.4 ? 1 : 0, small: new Set(small) };
}

/** What the token and its direct neighbours show. */
function addNear(features: number[], token: TokenFacts, offset: number): void {
  const standing = Number(token.isCapital) + 2 * Number(token.opens);
  features.push(
    feature(template.word, offset, token.word),
    feature(template.coarse, offset, token.coarse),
    feature(template.middle, offset, token.middle),
    feature(template.shape, offset, token.shape),
    feature(template.commonness, offset, token.commonness),
    feature(template.standing, offset, token.commonness, standing),
  );
  for (const tag of token.tags) features.push(feature(template.tag, offset, tag));
}

function addFar(features: number[], token: TokenFacts, offset: number): void {
  features.push(feature(template.word, offset, token.word), feature(template.coarse, offset, token.coarse));
}

/** How the word itself is written. */
function addLook(features: number[], token: TokenFacts, { capitals, small }: Manner): void {
  for (const [length, prefix] of token.prefixes.entries()) {
    features.push(feature(template.prefix, length, prefix));
  }
  for (const [length, suffix] of token.suffixes.entries()) {
    features.push(feature(template.suffix, length, suffix));
  }
  const capital = Number(token.isCapital);
  features.push(
    feature(template.capital, capital, Number(token.opens), capitals),
    feature(template.capitalCluster, capital, token.coarse),
    feature(template.capitalTag, capital, token.tags[0] ?? 0),
  );
  if (token.isCamel) features.push(feature(template.camel, 0));
  if (token.mixesDigits) features.push(feature(template.digits, 0));
  if (token.isAllCapital) features.push(feature(template.acronym, capitals));
  if (token.isCapital && small.has(token.word)) features.push(feature(template.alsoSmall, 0));
}

/** How the word's capital and its commonness stand beside those of its neighbours. */
function addCapitals(features: number[], around: (offset: number) => TokenFacts): void {
  const [before, token, after] = [around(-1), around(0), around(1)];
  features.push(
    feature(
      template.capitals,
      Number(before.isCapital) + 2 * Number(token.isCapital) + 4 * Number(after.isCapital),
    ),
    feature(template.commonPairBefore, token.commonness, before.commonness),
    feature(template.commonPairAfter, token.commonness, after.commonness),
  );
}

function addPairs(features: number[], around: (offset: number) => TokenFacts): void {
  const [before, token, after] = [around(-1), around(0), around(1)];
  features.push(
    feature(template.fine, token.fine),
    feature(template.wordPair, before.word, token.word),
    feature(template.wordShape, before.word, token.shape),
    feature(template.wordsBefore, around(-2).word, before.word, Number(token.isCapital)),
    feature(template.shapeWord, token.shape, after.word),
    feature(template.clusterPair, before.coarse, token.coarse),
    feature(template.clusterShape, before.coarse, token.shape),
    feature(template.shapes, before.shape, token.shape, after.shape),
  );
}
