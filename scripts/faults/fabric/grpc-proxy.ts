/**
 * Stands where a node stands, under that node's own TLS certificate, and passes calls on; some messages it
 * answers itself. It is what a province's operator could run in place of its node. gRPC is HTTP/2 with five
 * bytes before each message: whether it is compressed, and its length.
 */
import {
  type ClientHttp2Session,
  connect,
  createSecureServer,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';

/** Answers one message; `forward` asks the real node, once for each message, as a call of its own. */
export type Answering = (message: Buffer, forward: (message: Buffer) => Promise<Buffer>) => Promise<Buffer>;

export interface GrpcProxyOptions {
  /** the node's own, PEM */
  readonly key: string;
  readonly certificate: string;
  readonly target: { readonly port: number; readonly name: string; readonly roots: string };
  /** by path, `/package.Service/Method`; everything else passes untouched */
  readonly answers: Readonly<Record<string, Answering>>;
}

export interface GrpcProxy {
  readonly port: number;
  close(): Promise<void>;
}

const PREFIX = 5;
const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
const OK = { 'grpc-status': '0' };

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Whole messages out of the chunks of a stream. */
async function* messagesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= PREFIX && rest.length >= PREFIX + rest.readUInt32BE(1)) {
      const end = PREFIX + rest.readUInt32BE(1);
      yield rest.subarray(PREFIX, end);
      rest = rest.subarray(end);
    }
  }
}

function requestHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { ':authority': _authority, ':scheme': _scheme, ...rest } = headers;
  return rest;
}

class Forwarder {
  readonly #target: GrpcProxyOptions['target'];
  #session: ClientHttp2Session | undefined;

  constructor(target: GrpcProxyOptions['target']) {
    this.#target = target;
  }

  session(): ClientHttp2Session {
    if (!this.#session || this.#session.closed || this.#session.destroyed) {
      const { port, name, roots } = this.#target;
      this.#session = connect(`https://127.0.0.1:${port}`, { ca: roots, servername: name });
      this.#session.on('error', () => undefined);
    }
    return this.#session;
  }

  async ask(headers: IncomingHttpHeaders, message: Buffer): Promise<Buffer> {
    const call = this.session().request(requestHeaders(headers));
    call.end(framed(message));
    for await (const answer of messagesOf(call)) return Buffer.from(answer);
    throw new Error('the node gave no answer');
  }

  /** Both ways, to the end of both. */
  pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const call = this.session().request(requestHeaders(headers));
    const end = () => {
      if (!stream.closed) stream.close();
    };
    call.on('response', (answered, flags) => {
      if (stream.destroyed) return;
      const { ':status': status = 200, ...rest } = answered;
      stream.respond({ ':status': status, ...rest }, { waitForTrailers: true, endStream: (flags & 1) === 1 });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      call.pipe(stream);
    });
    let trailers: IncomingHttpHeaders = OK;
    call.on('trailers', (told) => {
      trailers = told;
    });
    call.on('error', end);
    stream.on('error', () => call.close());
    stream.on('close', () => call.close());
    stream.pipe(call);
  }

  close(): void {
    this.#session?.destroy();
  }
}

async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, by: Answering, to: Forwarder): Promise<void> {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(OK));
  stream.on('error', () => undefined);
  for await (const message of messagesOf(stream)) {
    const said = await by(message, (asked) => to.ask(headers, asked));
    if (stream.destroyed) return;
    stream.write(framed(said));
  }
  stream.end();
}

function listening(server: Http2SecureServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

export async function startGrpcProxy({ key, certificate, target, answers }: GrpcProxyOptions): Promise<GrpcProxy> {
  const forwarder = new Forwarder(target);
  const sessions = new Set<Http2Session>();
  const server = createSecureServer({ key, cert: certificate });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    const by = answers[String(headers[':path'])];
    if (by) answer(stream, headers, by, forwarder).catch(() => stream.close());
    else forwarder.pass(stream, headers);
  });
  return {
    port: await listening(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
        forwarder.close();
      }),
  };
}
