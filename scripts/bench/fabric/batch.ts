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
import { isRunning, remember, running } from '../../../network/operation/process-record.js';
import { greets } from '../../../network/operation/serves.js';
import { certificateBody, ISSUER } from '../certificate-body.js';
import { type BenchLine, rounded } from '../line.js';
import type { BenchNetwork } from './bench-network.js';
import { compare, type Driven } from './drive.js';
import { NEW_KEYS, PUT_KEYS } from './put-keys.js';

const ROUNDS = 5;
const ITEMS = 500;
/** Each way with as many at once as serve it best: more calls of 500 keys only wait for one another, beyond what a peer may take. */
const WAYS = {
  root: { name: 'certificate:IssueBatch', atOnce: 6, batches: 18 },
  keys: { name: NEW_KEYS, atOnce: 2, batches: 6 },
  blindly: { name: PUT_KEYS, atOnce: 2, batches: 6 },
} as const;

type Way = (typeof WAYS)[keyof typeof WAYS];

function batchArgument(): string {
  const items = Array.from({ length: ITEMS }, () => certificateBody(ISSUER, randomBytes(12).toString('hex')));
  return encodeArgument({ operation: `bench-${randomBytes(12).toString('hex')}`, input: { items } });
}

/** @returns records, not batches, a second; `failed` are batches */
async function records({ fabric, issuer }: BenchNetwork, { name, atOnce, batches }: Way): Promise<Driven> {
  const prepared = Array.from({ length: batches }, batchArgument);
  const latencies: number[] = [];
  const writer = async () => {
    for (let argument = prepared.pop(); argument !== undefined; argument = prepared.pop()) {
      const began = performance.now();
      const written = await fabric.ledger.submit({ signer: issuer, function: name, argument }).then(
        () => true,
        () => false,
      );
      if (written) latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, writer));
  const seconds = (performance.now() - began) / 1000;
  const perSecond = (latencies.length * ITEMS) / seconds;
  return { perSecond, failed: batches - latencies.length, latencies: latencies.sort((a, b) => a - b) };
}

/** Puts the services with the baseline's function in the place of the network's own. @returns how to end them */
async function replaceServices({ root }: BenchNetwork): Promise<() => Promise<void>> {
  const record = readRecord(root);
  if (!record) throw new Error(`there is no network in ${root}`);
  const { members } = definitionOf(root, record, undefined);
  const { pids } = networkPaths(root);
  const started = members.map(async (member) => {
    const name = nodeName(member, 'chaincode');
    const own = running(pids, name);
    if (own) process.kill(own.pid, 'SIGTERM');
    while (own && isRunning(own)) await pause(50);
    const folder = provincePaths(root, member.province.slug).chaincode;
    const program = join(import.meta.dirname, 'keys-service.js');
    const child = spawn(process.execPath, [program, SERVICE_SETTINGS], { cwd: folder, stdio: 'ignore' });
    if (child.pid !== undefined) remember(pids, name, child.pid);
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

function lineOf(bench: string, against: string, { a, b }: Awaited<ReturnType<typeof compare>>): BenchLine {
  const figures = {
    rounds: ROUNDS,
    certificatesPerSecond: rounded(a.perSecond),
    keysPerSecond: rounded(b.perSecond),
    batchP50Ms: rounded(a.p50Ms),
    keysP50Ms: rounded(b.p50Ms),
    failed: a.failed,
    keysFailed: b.failed,
  };
  return { bench, ratio: rounded(a.perSecond / b.perSecond), against, figures };
}

export async function* batch(network: BenchNetwork): AsyncIterable<BenchLine> {
  const end = await replaceServices(network);
  try {
    const written = (way: Way) => () => records(network, way);
    for (const way of Object.values(WAYS)) await records(network, way);
    const looked = await compare(written(WAYS.root), written(WAYS.keys), ROUNDS);
    const against = 'the same 500 records of a transaction under keys of their own';
    yield { ...lineOf('fabric-batch', `${against}, each looked up and written`, looked), atLeast: 5 };
    // No contract may write so: it is what keys of their own cost at the least.
    const blindly = await compare(written(WAYS.root), written(WAYS.blindly), ROUNDS);
    yield lineOf('fabric-batch-blindly', `${against}, written over whatever there is`, blindly);
  } finally {
    await end();
  }
}
