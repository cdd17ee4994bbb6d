import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from '../../scripts/faults/fabric/tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(chunk));
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }, () => 0.5);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function connected(): Promise<Socket> {
  const socket = createConnection(proxy.port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** What comes back for the words, in one piece, or `undefined` when the connection ends before. */
function said(socket: Socket, words: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.length >= words.length) resolve(heard);
    });
    socket.on('close', () => resolve(undefined));
    socket.write(words);
  });
}

describe('the proxy between a client and a node', () => {
  it('passes everything on, in order, both ways', async () => {
    const words = 'abc'.repeat(50_000);
    expect(await said(await connected(), words)).toBe(words);
  });

  it('passes everything on in order when it is late', async () => {
    proxy.set({ delay: 20 });
    const words = 'xyz'.repeat(50_000);
    expect(await said(await connected(), words)).toBe(words);
  });

  it('lets nothing overtake what is late already when the link is mended', async () => {
    const socket = await connected();
    expect(await said(socket, 'before')).toBe('before');
    socket.removeAllListeners('data');
    proxy.set({ delay: 300 });
    const heard = said(socket, 'late, then fast');
    setTimeout(() => {
      proxy.set({});
      socket.write(', then more');
    }, 50);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await heard;
    while (text.length < 'late, then fast, then more'.length) await once(socket, 'data');
    expect(text).toBe('late, then fast, then more');
    expect(proxy.counts().delayed).toBeGreaterThan(0);
  });

  it('cuts a connection in the middle of what is said', async () => {
    proxy.set({ bytes: 4 });
    expect(await said(await connected(), 'more than four')).toBeUndefined();
    expect(proxy.counts()).toMatchObject({ taken: 1, cut: 1 });
  });

  it('cuts with the probability asked for, and not below it', async () => {
    proxy.set({ cut: 0.4 });
    expect(await said(await connected(), 'passes')).toBe('passes');
    proxy.set({ cut: 0.6 });
    expect(await said(await connected(), 'does not')).toBeUndefined();
  });

  it('swallows on open connections too, and passes on again', async () => {
    const socket = await connected();
    expect(await said(socket, 'one')).toBe('one');
    proxy.set({ blackHole: true });
    socket.write('lost');
    await once(echo, 'connection', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
    expect(proxy.counts().swallowed).toBeGreaterThan(0);
    const other = await connected();
    proxy.set({});
    expect(await said(other, 'two')).toBe('two');
  });

  it('ends the client when nobody listens behind it', async () => {
    const orphan = await startProxy({ host: '127.0.0.1', port: 1 });
    const socket = createConnection(orphan.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'close');
    expect(orphan.counts().taken).toBe(1);
    await orphan.close();
  });
});
