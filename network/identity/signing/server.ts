/** The signing process's socket: for its own user only, one request after another within bounds. */
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { DataFolderRefused } from '../../errors.js';
import type { SigningDesk } from './desk.js';
import { decodeRequest, encodeAnswer, Frames, frame } from './messages.js';

const CONNECTIONS = 16;
/** Requests of one connection that are worked on at once; the socket is not read while there are more. */
const AT_ONCE = 64;
const OTHERS = 0o077;

export interface SigningServer {
  close(): Promise<void>;
}

function serve(socket: Socket, desk: SigningDesk): void {
  const frames = new Frames();
  let running = 0;
  const work = async (bytes: Buffer): Promise<void> => {
    running += 1;
    if (running >= AT_ONCE) socket.pause();
    const answer = await desk.answer(decodeRequest(bytes));
    if (!socket.destroyed) socket.write(frame(encodeAnswer(answer)));
    running -= 1;
    if (running < AT_ONCE) socket.resume();
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      // Bytes that are no request end the connection: whoever sends them is no client of ours.
      for (const bytes of frames.take(chunk as Buffer)) work(bytes).catch(() => socket.destroy());
    } catch {
      socket.destroy();
    }
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}

/** @throws DataFolderRefused */
async function makeRoom(path: string): Promise<void> {
  const folder = dirname(path);
  if (!existsSync(folder) || (statSync(folder).mode & OTHERS) !== 0)
    throw new DataFolderRefused('damaged', `${folder} must be a folder for this user only: mkdir -m 700 it, or chmod 700`);
  if (!existsSync(path)) return;
  if (!statSync(path).isSocket()) throw new DataFolderRefused('damaged', `${path} is no socket: give another path`);
  if (await answers(path)) throw new DataFolderRefused('busy', `another signing process listens on ${path}: stop it first`);
  rmSync(path);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}

/**
 * Listens on a Unix socket in a folder that is this user's alone.
 * @throws DataFolderRefused when the folder is open to others or another signing process listens there
 */
export async function serveSigning(path: string, desk: SigningDesk): Promise<SigningServer> {
  await makeRoom(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, desk);
  });
  server.maxConnections = CONNECTIONS;
  await listen(server, path);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
