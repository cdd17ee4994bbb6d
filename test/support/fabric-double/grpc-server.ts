/** A gRPC server with TLS that hands bytes to functions, of the same grpc-js that fabric-network uses. */
import { createRequire } from 'node:module';

export interface ServerStream extends AsyncIterable<Buffer> {
  write(bytes: Buffer): boolean;
  end(): void;
  on(event: 'cancelled' | 'end', listener: () => void): this;
}

type Unary = (bytes: Buffer) => Promise<Buffer>;
type Bidi = (stream: ServerStream) => Promise<void>;

export interface Method {
  readonly path: string;
  readonly unary?: Unary;
  readonly bidi?: Bidi;
}

interface GrpcServer {
  addService(definition: object, handlers: object): void;
  bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  start(): void;
  forceShutdown(): void;
}

interface Grpc {
  readonly Server: new () => GrpcServer;
  readonly ServerCredentials: {
    createSsl(roots: null, pairs: { private_key: Buffer; cert_chain: Buffer }[], checkClient: boolean): unknown;
  };
}

const grpc = createRequire(import.meta.url)('fabric-protos/grpc') as Grpc;

/** What the peer's side of the call is told: a code of gRPC and a text. */
export class GrpcFault extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

export interface Tls {
  readonly certificate: string;
  readonly privateKey: string;
}

const asIs = (bytes: Buffer) => bytes;

function definitionOf(methods: readonly Method[]): object {
  const entry = ({ path, bidi }: Method) => ({
    path,
    requestStream: bidi !== undefined,
    responseStream: bidi !== undefined,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  });
  return Object.fromEntries(methods.map((method) => [method.path, entry(method)]));
}

function handlerOf({ unary, bidi }: Method): unknown {
  if (bidi) return (stream: ServerStream) => void bidi(stream).catch(() => stream.end());
  return (call: { request: Buffer }, done: (error: unknown, answer?: Buffer) => void) => {
    unary?.(call.request).then(
      (answer) => done(null, answer),
      (error: GrpcFault) => done({ code: error.code ?? 2, details: error.message }),
    );
  };
}

export interface Listening {
  readonly port: number;
  stop(): void;
}

/** @param port 0 for any */
export function listenGrpc(methods: readonly Method[], tls: Tls, port: number): Promise<Listening> {
  const server = new grpc.Server();
  server.addService(definitionOf(methods), Object.fromEntries(methods.map((method) => [method.path, handlerOf(method)])));
  const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createSsl(null, [pair], false), (error, bound) => {
      if (error) return reject(error);
      resolve({ port: bound, stop: () => server.forceShutdown() });
    });
  });
}
