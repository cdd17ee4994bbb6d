import { connect, createSecureServer } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { type GrpcProxy, startGrpcProxy } from '../../scripts/faults/fabric/grpc-proxy.js';

const NAME = 'node.test';
let node: ReturnType<typeof createSecureServer>;
let proxy: GrpcProxy;
let roots: string;

function framed(text: string): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(text.length, 1);
  return Buffer.concat([prefix, Buffer.from(text)]);
}

beforeAll(async () => {
  const authority = await createAuthority('ShanghaiMSP', 'test', Date.now());
  const { privateKey, publicKey } = await generateKeyPair();
  const request = { commonName: NAME, unit: 'peer' as const, publicKey, tlsNames: [NAME], days: 1, now: Date.now() };
  const certificate = await issueCertificate(authority, request);
  roots = authority.certificate;
  node = createSecureServer({ key: privateKey, cert: certificate });
  node.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.pipe(stream);
  });
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
  const { port } = node.address() as { port: number };
  proxy = await startGrpcProxy({
    key: privateKey,
    certificate,
    target: { port, name: NAME, roots },
    answers: {
      '/test/Drop': async () => Buffer.from('dropped'),
      '/test/Change': async (message, forward) => Buffer.from((await forward(message)).toString().toUpperCase()),
    },
  });
});

afterAll(async () => {
  await proxy.close();
  node.close();
});

/** All that comes back for some messages, and the status at the end. */
function call(path: string, ...messages: string[]): Promise<{ said: string; status: unknown }> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://127.0.0.1:${proxy.port}`, { ca: roots, servername: NAME });
    session.on('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
    let said = Buffer.alloc(0);
    let status: unknown;
    stream.on('data', (chunk) => {
      said = Buffer.concat([said, chunk]);
    });
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'];
    });
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ said: said.toString(), status });
    });
    stream.end(Buffer.concat(messages.map(framed)));
  });
}

describe('who stands where a node stands', () => {
  it('passes on what it has no answer of its own for', async () => {
    expect(await call('/test/Echo', 'one', 'two')).toEqual({
      said: Buffer.concat([framed('one'), framed('two')]).toString(),
      status: '0',
    });
  });

  it('answers each message itself, and the node never sees it', async () => {
    expect(await call('/test/Drop', 'one', 'two')).toEqual({
      said: Buffer.concat([framed('dropped'), framed('dropped')]).toString(),
      status: '0',
    });
  });

  it("changes the node's answer", async () => {
    expect(await call('/test/Change', 'a lie')).toEqual({ said: framed('A LIE').toString(), status: '0' });
  });
});
