// grpc.reflection.v1: lets grpcurl and other tools list services and read their messages without the proto files.
import { createRegistry, type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectRouter } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';

function withDependencies(file: DescFile, seen = new Map<string, DescFile>()): Map<string, DescFile> {
  if (seen.has(file.proto.name)) return seen;
  seen.set(file.proto.name, file);
  for (const dependency of file.dependencies) withDependencies(dependency, seen);
  return seen;
}

function answerFile(file: DescFile | undefined) {
  if (!file) return answerError(Code.NotFound, 'no such file or symbol');
  const files = [...withDependencies(file).values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto: files } };
}

function answerError(errorCode: Code, errorMessage: string) {
  return { case: 'errorResponse' as const, value: { errorCode, errorMessage } };
}

function createAnswers(services: readonly DescService[]) {
  const files = new Map(services.flatMap(({ file }) => [...withDependencies(file)]));
  const registry = createRegistry(...files.values());
  const fileOfSymbol = (name: string): DescFile | undefined => {
    const owner = registry.get(name) ?? registry.get(name.slice(0, name.lastIndexOf('.')));
    return owner?.kind === 'extension' ? undefined : owner?.file;
  };
  return ({ messageRequest }: ServerReflectionRequest) => {
    switch (messageRequest.case) {
      case 'listServices': {
        const service = services.map(({ typeName }) => ({ name: typeName }));
        return { case: 'listServicesResponse' as const, value: { service } };
      }
      case 'fileByFilename':
        return answerFile(
          files.get(messageRequest.value.replace(/\.proto$/, '')) ?? files.get(messageRequest.value),
        );
      case 'fileContainingSymbol':
        return answerFile(fileOfSymbol(messageRequest.value));
      case 'allExtensionNumbersOfType':
        return {
          case: 'allExtensionNumbersResponse' as const,
          value: { baseTypeName: messageRequest.value },
        };
      default:
        return answerError(Code.NotFound, 'no such extension');
    }
  };
}

/** Serves descriptions of these services and of all files they rest on. */
export function serveReflection(router: ConnectRouter, services: readonly DescService[]): void {
  const answer = createAnswers([...services, ServerReflection]);
  router.service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
      }
    },
  });
}
