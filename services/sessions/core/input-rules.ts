// Rules of the texts that callers give. Each answers what is wrong under the name that a caller of the REST API knows.
import type { Violation } from '../../../foundation/fault/fault.ts';

const titleLengthMax = 200;
const questionLengthMax = 1_000;

interface TextRule {
  readonly field: string;
  readonly text: string;
  readonly lengthMax: number;
}

/** A title that was given: 1 to 200 characters, not all blank. An empty one counts as not given. */
export function checkTitle(title: string): Violation[] {
  return title === '' ? [] : checkNewTitle(title);
}

/** A title that must be given: 1 to 200 characters, not all blank. */
export function checkNewTitle(title: string): Violation[] {
  return checkText({ field: 'title', text: title, lengthMax: titleLengthMax });
}

/** A question: 1 to 1,000 characters, not all blank. */
export function checkQuestion(question: string): Violation[] {
  return checkText({ field: 'question', text: question, lengthMax: questionLengthMax });
}

/** The form of a domain's id; whether there is such a domain is known to the caller. */
export function checkDomainId(domainId: string): Violation[] {
  return checkForm(
    'domain_id',
    /^[a-z][a-z0-9_]{0,49}$/.test(domainId),
    'must be 1 to 50 lower-case letters, digits and underscores, a letter first',
  );
}

/** One violation unless the form holds. */
export function checkForm(field: string, holds: boolean, reason: string): Violation[] {
  return holds ? [] : [{ field, reason }];
}

// Characters are code points, so that an emoji counts as one.
function checkText({ field, text, lengthMax }: TextRule): Violation[] {
  const fits = text.trim() !== '' && [...text].length <= lengthMax;
  return checkForm(field, fits, `must have 1 to ${lengthMax} characters that are not all blank`);
}
