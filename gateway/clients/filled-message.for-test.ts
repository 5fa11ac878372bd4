// Messages with something in every field, for neighbours of tests whose answers do not matter.
import type { DescField, DescMessage, MessageShape } from '@bufbuild/protobuf';
import { create, ScalarType } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';

/** Messages within messages go no deeper; then fields stay empty. */
const depthMax = 4;

/** A message whose single fields are set and whose lists are empty. */
export function filledMessage<T extends DescMessage>(schema: T, depth = 0): MessageShape<T> {
  const message = create(schema) as Record<string, unknown>;
  const isWellKnown = schema.typeName.startsWith('google.protobuf.');
  if (isWellKnown || depth >= depthMax) return message as MessageShape<T>;
  for (const field of schema.fields) {
    if (!field.oneof) message[field.localName] = filledValue(field, depth);
  }
  return message as MessageShape<T>;
}

/** Handlers for every method of a service: each answers a filled message. `heard` is told of each call and waited for. */
export function filledHandlers<T extends object>(
  heard: (method: string, request: object, context: HandlerContext) => Promise<void> | void,
): T {
  const handler = async (request: object, context: HandlerContext) => {
    await heard(context.method.name, request, context);
    return filledMessage(context.method.output);
  };
  return new Proxy({} as T, { get: () => handler });
}

function filledValue(field: DescField, depth: number): unknown {
  switch (field.fieldKind) {
    case 'list':
      return [];
    case 'map':
      return {};
    case 'message':
      return field.message.typeName === 'google.protobuf.Struct'
        ? {}
        : filledMessage(field.message, depth + 1);
    case 'enum':
      return field.enum.values.at(1)?.number ?? 0;
    case 'scalar':
      return filledScalar(field.scalar);
  }
}

const wide = [
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
];

function filledScalar(scalar: ScalarType): unknown {
  if (scalar === ScalarType.STRING) return 'a';
  if (scalar === ScalarType.BOOL) return false;
  if (scalar === ScalarType.BYTES) return new Uint8Array(1);
  return wide.includes(scalar) ? 1n : 1;
}
