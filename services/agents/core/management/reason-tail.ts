// The reason that stands behind a command: "because …", "since …", or what follows a dash.

/** A text and the reason that stood behind it; empty when there was none. */
export interface WithReason {
  readonly text: string;
  readonly reason: string;
}

const tails = [
  /^(?<text>.*?)[\s,]+(?:because|as (?=(?:he|she|they|it|the|this|we|there)\b)|since (?=\p{L}+ (?:is|are|was|were|has|have|had|knows?|did|does|can)\b)|due to(?=\s))\s*(?<reason>.+)$/iu,
  /^(?<text>.*?)\s+[-–—]+\s+(?<reason>.+)$/u,
  /^(?<text>.*?)[\s,]+with (?:the |an? )?(?:note|comment|reason|remark)s?\s*:?\s+(?<reason>.+)$/iu,
  /^(?<text>.*?),\s*(?<reason>(?:(?:an?\s+)?duplicates?\s+of|it|they|this|crew|we|already|was|were|has been|have been|no longer)\b.*)$/iu,
];

/** Takes the reason off. */
export function withoutReason(clause: string): WithReason {
  for (const tail of tails) {
    const { text, reason } = tail.exec(clause)?.groups ?? {};
    if (text !== undefined && reason !== undefined) {
      return { text: text.trim(), reason: reason.trim().replace(/^"|"$/g, '') };
    }
  }
  return { text: clause, reason: '' };
}
