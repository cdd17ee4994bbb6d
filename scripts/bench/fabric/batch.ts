/** 500 certificates under one root against the same 500 under keys of their own, one transaction each way. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { LOOPBACK } from '../../../network/definition/definition.js';
import { networkPaths, provincePaths } from '../../../network/definition/network-folder.js';
import { definitionOf, readRecord } from '../../../network/operation/network-record.js';
import { nodeName, SERVICE_SETTINGS } from '../../../network/operation/nodes.js';
import { isRunning, running } from '../../../network/operation/process-record.js';
import { greets } from '../../../network/operation/serves.js';
import { certificateBody, ISSUER } from '../certificate-body.js';
import { type BenchLine, rounded } from '../line.js';
import type { BenchNetwork } from './bench-network.js';
import { compare, type Driven } from './drive.js';
import { PUT_KEYS } from './put-keys.js';

const ROUNDS = 5;
const ITEMS = 500;
const AT_ONCE = 6;
const BATCHES = 18;

function batchArgument(): string {
  const items = Array.from({ length: ITEMS }, () => certificateBody(ISSUER, randomBytes(12).toString('hex')));
  return encodeArgument({ operation: `bench-${randomBytes(12).toString('hex')}`, input: { items } });
}

/** @returns records, not batches, a second */
async function records({ fabric, issuer }: BenchNetwork, name: string, batches: number): Promise<Driven> {
  const prepared = Array.from({ length: batches }, batchArgument);
  const latencies: number[] = [];
  const writer = async () => {
    for (let argument = prepared.pop(); argument !== undefined; argument = prepared.pop()) {
      const began = performance.now();
      await fabric.ledger.submit({ signer: issuer, function: name, argument });
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: (batches * ITEMS) / seconds, failed: 0, latencies: latencies.sort((a, b) => a - b) };
}

/** Puts the services with the baseline's function in the place of the network's own. @returns how to end them */
async function replaceServices({ root }: BenchNetwork): Promise<() => Promise<void>> {
  const record = readRecord(root);
  if (!record) throw new Error(`there is no network in ${root}`);
  const { members } = definitionOf(root, record, undefined);
  const started = members.map(async (member) => {
    const own = running(networkPaths(root).pids, nodeName(member, 'chaincode'));
    if (own) process.kill(own.pid, 'SIGTERM');
    while (own && isRunning(own)) await pause(50);
    const folder = provincePaths(root, member.province.slug).chaincode;
    const program = join(import.meta.dirname, 'keys-service.js');
    const child = spawn(process.execPath, [program, SERVICE_SETTINGS], { cwd: folder, stdio: 'ignore' });
    while (!(await greets({ host: LOOPBACK, port: member.ports.chaincode }))) await pause(50);
    return child;
  });
  const children = await Promise.all(started);
  return async () => {
    for (const child of children) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  };
}

export async function batch(network: BenchNetwork): Promise<BenchLine> {
  const end = await replaceServices(network);
  try {
    const under = (name: string) => () => records(network, name, BATCHES);
    await records(network, 'certificate:IssueBatch', 4);
    await records(network, PUT_KEYS, 4);
    const { a, b } = await compare(under('certificate:IssueBatch'), under(PUT_KEYS), ROUNDS);
    return {
      bench: 'fabric-batch',
      ratio: rounded(a.perSecond / b.perSecond),
      against: 'the same 500 records of a transaction under keys of their own',
      atLeast: 5,
      figures: {
        rounds: ROUNDS,
        certificatesPerSecond: rounded(a.perSecond),
        keysPerSecond: rounded(b.perSecond),
        batchP50Ms: rounded(a.p50Ms),
        keysP50Ms: rounded(b.p50Ms),
      },
    };
  } finally {
    await end();
  }
}
