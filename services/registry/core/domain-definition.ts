// Reads the definition of a domain that a caller wrote: a new one, or what changes of one that exists. Every problem of its form is noted
// with its path; fields that are not listed here are ignored. The rules of playbooks are judged elsewhere.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { type AgentClass, agentClasses } from './agent.ts';
import { isDomainId } from './definition-id.ts';
import type { DefinitionLimits } from './limits.ts';
import { playbookField, type ReadPlaybook, readPlaybook } from './playbook-form.ts';

const nameLength = { min: 1, max: 200 };
const descriptionLength = { min: 0, max: 500 };
const changeable = ['domain_name', 'description', ...agentClasses.map(playbookField)];

/** What was written, as far as it can be read. */
export interface DomainDraft {
  /** Only of a new domain. */
  readonly domainId?: string;
  readonly domainName?: string;
  /** Empty takes the description away. */
  readonly description?: string;
  /** Playbooks that were given and can be judged. */
  readonly playbooks: Readonly<Partial<Record<AgentClass, ReadPlaybook>>>;
  /** Classes whose playbook was given, readable or not. */
  readonly given: ReadonlySet<AgentClass>;
  /** Every problem of the form. */
  readonly problems: readonly Violation[];
}

/** A new domain: `domain_id`, `domain_name` and the three playbooks are required, `description` is optional. */
export function readNewDomain(definition: JsonObject, limits: DefinitionLimits): DomainDraft {
  const problems: Violation[] = [];
  const document = readDocument(definition, problems);
  document.require('domain_id', 'domain_name', ...agentClasses.map(playbookField));
  const domainId = document.text('domain_id', { min: 1, max: 50 });
  const isId = domainId !== undefined && isDomainId(domainId);
  if (domainId !== undefined && !isId) {
    document.refuse(
      'domain_id',
      'must be 1 to 50 lower-case letters, digits or _, the first of them a letter',
    );
  }
  const content = readContent({ document, problems, limits });
  return { ...content, ...(isId ? { domainId } : {}), problems };
}

/** Changes: any of `domain_name`, `description` and the playbooks; null takes the description away, and nothing else. */
export function readDomainChanges(definition: JsonObject, limits: DefinitionLimits): DomainDraft {
  const problems: Violation[] = [];
  const document = readDocument(definition, problems);
  const isGiven = (field: string): boolean => document.has(field) || document.isNull(field);
  if (!changeable.some(isGiven)) {
    problems.push({ field: 'body', reason: `must give at least one of ${changeable.join(', ')}` });
  }
  for (const field of changeable) {
    if (field !== 'description' && document.isNull(field)) document.refuse(field, 'cannot be removed');
  }
  return { ...readContent({ document, problems, limits }), problems };
}

interface Source {
  readonly document: DocumentReader;
  readonly problems: Violation[];
  readonly limits: DefinitionLimits;
}

function readContent(source: Source): Omit<DomainDraft, 'domainId' | 'problems'> {
  const { document } = source;
  const domainName = document.text('domain_name', nameLength);
  const given = document.text('description', descriptionLength);
  const description = document.isNull('description') ? '' : given;
  const playbooks: Partial<Record<AgentClass, ReadPlaybook>> = {};
  for (const agentClass of agentClasses) {
    const read = readPlaybook(source, agentClass);
    if (read) playbooks[agentClass] = read;
  }
  return {
    ...(domainName === undefined ? {} : { domainName }),
    ...(description === undefined ? {} : { description }),
    playbooks,
    given: new Set(
      agentClasses.filter((one) => document.has(playbookField(one)) || document.isNull(playbookField(one))),
    ),
  };
}
