/** What the machine gives: a clock, a disk, a port. */
import { existsSync, statfsSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { type Finding, fault, note, ok } from './finding.js';

const MEBIBYTE = 1024 * 1024;
const LEAST = 256 * MEBIBYTE;
const COMFORTABLE = 2048 * MEBIBYTE;

/** Transactions more than five minutes off are refused, and no clock stood there before this was written. */
export function checkClock(now: number, lastWrite: number | undefined): Finding {
  const time = new Date(now).toISOString();
  const advice = 'Set the clock (timedatectl set-ntp true): the ledger refuses transactions more than five minutes off.';
  if (now < Date.parse('2026-01-01T00:00:00Z')) return fault('clock', `${time} is before this software was written`, advice);
  if (lastWrite !== undefined && now < lastWrite)
    return fault('clock', `${time} is before the last block, ${new Date(lastWrite).toISOString()}`, advice);
  return ok('clock', time);
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** @param free bytes that an unprivileged process may still write where the data folder is or will be */
export function judgeDisk(free: number): Finding {
  const found = `${Math.floor(free / MEBIBYTE)} MiB free`;
  if (free < LEAST)
    return fault('disk', found, 'Make room, or set DATA_DIR to a folder on another disk: a full disk stops the ledger.');
  if (free < COMFORTABLE) return note('disk', found, 'Enough to try it; make room before you load it.');
  return ok('disk', found);
}

export function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(resolve(dataDir)));
  return judgeDisk(bavail * bsize);
}

function listenOnce(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', settle);
    probe.listen({ host, port }, () => probe.close(() => settle(undefined)));
  });
}

/** Who answers, not whether its certificate is trusted: a certificate for another name is no reason to call it a stranger. */
function isOurs(address: string): Promise<boolean> {
  const get = address.startsWith('https:') ? getSecure : getPlain;
  return new Promise((settle) => {
    const request = get(`${address}/v1/ledger`, { rejectUnauthorized: false, timeout: 2000 }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString('utf8');
      settle(answer.statusCode === 200 && text.includes('"assurance"'));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => settle(false));
  });
}

/** Whether the port can be had; a server of ours that has it is good news. */
export async function checkPort(host: string, port: number, address: string): Promise<Finding> {
  const error = await listenOnce(host, port);
  if (!error) return ok('port', `${host}:${port} is free`);
  if (error.code === 'EADDRINUSE' && (await isOurs(address)))
    return ok('port', `a server of this software answers at ${address}`);
  if (error.code === 'EADDRINUSE')
    return fault('port', `another program listens on ${host}:${port}`, 'Stop it, or start with another PORT.');
  if (error.code === 'EACCES') return fault('port', `${port} needs privileges`, 'Take a PORT above 1023.');
  return fault('port', `${host}:${port}: ${error.message}`, 'Set HOST to an address of this machine.');
}
