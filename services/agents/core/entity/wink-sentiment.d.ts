// The part of wink-sentiment that is used; the package brings no types.

declare module 'wink-sentiment' {
  interface Token {
    readonly value: string;
    readonly tag: string;
    readonly score?: number;
    readonly negation?: boolean;
  }
  interface Result {
    readonly score: number;
    readonly normalizedScore: number;
    readonly tokenizedPhrase?: readonly Token[];
  }
  function sentiment(phrase: string): Result;
  export = sentiment;
}
