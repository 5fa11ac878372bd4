// The tools of the platform. All of them read. Those that ask the reports take what the agents service asks them with.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { AuthMethod, ToolType } from '../../core/tool.ts';
import { oneOf, text } from './builtin-agent.ts';

/** A tool of the platform: effect `read`, no endpoint and no credentials of its own. */
export interface BuiltinTool {
  readonly toolName: string;
  readonly toolType: ToolType;
  readonly authMethod: AuthMethod;
  /** At most 500 characters. */
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the arguments. */
  readonly parametersSchema: JsonObject;
}

function parameters(
  properties: Readonly<Record<string, JsonObject>>,
  required: readonly string[],
): JsonObject {
  return {
    type: 'object',
    properties: { ...properties },
    required: [...required],
    additionalProperties: false,
  };
}

const number = (minimum: number, maximum: number, description: string): JsonObject => ({
  type: 'number',
  minimum,
  maximum,
  description,
});

const integer = (minimum: number, maximum: number, description: string): JsonObject => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});

const instant = (description: string): JsonObject => ({ type: 'string', format: 'date-time', description });

const position: JsonObject = {
  type: 'array',
  prefixItems: [number(-180, 180, 'Longitude in degrees'), number(-90, 90, 'Latitude in degrees')],
  items: false,
  minItems: 2,
  description: '[longitude, latitude]',
};

const bounds: JsonObject = {
  type: 'object',
  properties: {
    west: number(-180, 180, 'Longitude'),
    south: number(-90, 90, 'Latitude'),
    east: number(-180, 180, 'Longitude'),
    north: number(-90, 90, 'Latitude'),
  },
  required: ['west', 'south', 'east', 'north'],
  additionalProperties: false,
  description: 'Only reports with a position inside this box',
};

const fieldForm = '^(status|source|created_by|(ingestion_data|management_data)[.].+)$';

/** What narrows every question to the reports. The domain is always that of the run. */
const filter: Readonly<Record<string, JsonObject>> = {
  text: text(
    'Words to search for: all are required, or leaves a choice, "quoted words" stand together, - excludes',
  ),
  from: instant('Only reports created at this time or later'),
  to: instant('Only reports created before this time'),
  status: text('Only reports with this status'),
  bounds,
  near: position,
  radius_km: { type: 'number', exclusiveMinimum: 0, default: 10, description: 'Kilometres around near' },
  polygon: {
    type: 'array',
    items: position,
    minItems: 3,
    maxItems: 100,
    description: 'Only reports with a position inside these corners, in order',
  },
  where: {
    type: 'object',
    maxProperties: 10,
    propertyNames: { pattern: fieldForm },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    description: 'Values that reports must have, such as {"ingestion_data.complaint_type": "safety"}',
  },
};

const field: JsonObject = {
  type: 'string',
  pattern: fieldForm,
  description:
    'status, source, created_by, or ingestion_data. or management_data. and a key of it; lists count once for each element',
};

const groups: Readonly<Record<string, JsonObject>> = {
  group_by: field,
  limit: integer(1, 50, 'The most groups, largest first; the rest is summed under other'),
};

const measure: JsonObject = {
  ...parameters(
    {
      function: oneOf(['avg', 'sum', 'min', 'max'], 'Which figure'),
      path: {
        type: 'string',
        pattern: '^(ingestion_data|management_data)[.].+$',
        description: 'Where the numbers are',
      },
    },
    ['function', 'path'],
  ),
  description: 'A figure over the numbers of each group',
};

const timeZone = text('IANA time zone whose midnights, Mondays and firsts bound the buckets');

const reportTools: readonly BuiltinTool[] = [
  {
    toolName: 'retrieval_api',
    toolType: 'data_api',
    authMethod: 'iam',
    description:
      'Reports of the domain by words, date, status and place, best match first, and how many match in all. Answers 100 reports at most.',
    parametersSchema: parameters(
      {
        ...filter,
        limit: integer(1, 100, 'The most reports'),
        snippets: { type: 'boolean', description: 'True to answer the words around what was searched for' },
        image_links: {
          type: 'boolean',
          description: 'True to answer links to the images of the first 20 reports, valid for an hour',
        },
      },
      ['limit'],
    ),
  },
  {
    toolName: 'aggregation_api',
    toolType: 'data_api',
    authMethod: 'iam',
    description:
      'Counts reports of the domain by status, source, reporter or a key of their data, with the mean, sum, least or greatest of a number in each group.',
    parametersSchema: parameters({ ...filter, ...groups, measure }, ['group_by', 'limit']),
  },
  {
    toolName: 'spatial_api',
    toolType: 'data_api',
    authMethod: 'iam',
    description:
      'Positions of reports of the domain inside a radius (10 km unless another is given), a box or a polygon of at least three points.',
    parametersSchema: parameters(
      {
        ...filter,
        limit: integer(1, 1_000, 'The most positions'),
      },
      ['limit'],
    ),
  },
  {
    toolName: 'analytics_api',
    toolType: 'data_api',
    authMethod: 'iam',
    description:
      'Counts reports of the domain over time, with the trend (give bucket and time_zone), by a field where patterns are looked for, at most 20 (give group_by and limit), or by two fields to see which of their values go together, at most 50 pairs (give correlate_with too).',
    parametersSchema: {
      ...parameters(
        {
          ...filter,
          ...groups,
          correlate_with: field,
          bucket: oneOf(['hour', 'day', 'week', 'month'], 'Width of a bucket'),
          time_zone: timeZone,
          event: {
            type: 'boolean',
            description: 'True to count by when it happened, not by when it was reported',
          },
        },
        [],
      ),
      anyOf: [{ required: ['bucket', 'time_zone'] }, { required: ['group_by', 'limit'] }],
    },
  },
];

const services: readonly BuiltinTool[] = [
  {
    toolName: 'bedrock',
    toolType: 'aws_service',
    authMethod: 'iam',
    description:
      'The language model that agents of the runtime model run on. Every agent may call it without a grant.',
    parametersSchema: parameters({ prompt: text('What the model is asked') }, ['prompt']),
  },
  {
    toolName: 'comprehend',
    toolType: 'aws_service',
    authMethod: 'iam',
    description:
      'Entities, sentiment or key phrases of a text, and by what rules they were found. The builtin agents find these without it.',
    parametersSchema: parameters(
      {
        text: text('The text'),
        operation: oneOf(['entities', 'sentiment', 'key_phrases'], 'What to find'),
        language: oneOf(
          ['en', 'es', 'fr', 'de', 'it', 'pt', 'ar', 'hi', 'ja', 'ko', 'zh', 'zh-TW'],
          'Language of the text; without it that is found out. The rules "builtin" read en alone',
        ),
      },
      ['text', 'operation'],
    ),
  },
  {
    toolName: 'location_service',
    toolType: 'aws_service',
    authMethod: 'iam',
    description:
      'Positions of places by name (geocode), places near a position (reverse_geocode), and how far it is from one position to another (calculate_route), with how that was measured. The builtin agents find places without it.',
    parametersSchema: parameters(
      {
        operation: oneOf(['geocode', 'reverse_geocode', 'calculate_route'], 'What to find'),
        address: text('For geocode: the name of a place, or an address'),
        position: {
          ...position,
          description: 'For reverse_geocode and calculate_route: [longitude, latitude]',
        },
        destination: { ...position, description: 'For calculate_route: [longitude, latitude]' },
      },
      ['operation'],
    ),
  },
  {
    toolName: 'web_search',
    toolType: 'external_api',
    authMethod: 'api_key',
    description:
      'Pages of the web that fit a question, five unless more are asked for. The builtin agents answer without it.',
    parametersSchema: parameters(
      { query: text('What to look for'), max_results: { ...integer(1, 20, 'The most pages'), default: 5 } },
      ['query'],
    ),
  },
  {
    toolName: 'vector_search',
    toolType: 'data_api',
    authMethod: 'iam',
    description:
      'Reports of the domain that say what a text says, in like words, closest first. It compares words, not meanings.',
    parametersSchema: parameters(
      {
        query: text('The text'),
        top_k: { ...integer(1, 100, 'The most reports'), default: 10 },
        min_score: { ...number(0, 1, 'The least closeness'), default: 0.7 },
      },
      ['query'],
    ),
  },
];

/** The nine tools of the platform. */
export const builtinTools: readonly BuiltinTool[] = [...services, ...reportTools];
