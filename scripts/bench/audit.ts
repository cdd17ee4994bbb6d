/**
 * An audit replay of a long chain against what it cannot do without: the same signatures, of creators, peers and
 * orderers, checked one after the other with node:crypto, in the same run. Everything else comes on top of these:
 * reading, hashing, executing every transaction, comparing, making the state and comparing that.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFolder } from '../../network/audit/audit-folder.js';
import { folderSource } from '../../network/audit/folder-source.js';
import { type Block, signedByOrderer } from '../../network/format/block.js';
import { decodeEnvelope, decodeTransaction } from '../../network/format/envelope.js';
import { decodeSignatureHeader } from '../../network/format/header.js';
import { decodeIdentity } from '../../network/format/identity.js';
import { buildHistory } from './build-history.js';
import { type BenchLine, median, rounded } from './line.js';

const RECORDS = 4000;
const ROUNDS = 2;

interface Signed {
  readonly key: KeyObject;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

function signaturesOf(block: Block, keyOf: (identity: Uint8Array) => KeyObject): Signed[] {
  const orderers = block.signatures.map(({ signatureHeader, signature }) => ({
    key: keyOf(decodeSignatureHeader(signatureHeader).creator),
    message: signedByOrderer(block, signatureHeader),
    signature,
  }));
  if (block.header.number === 0) return orderers;
  const calls = block.data.flatMap((bytes) => {
    const envelope = decodeEnvelope(bytes);
    const { endorsements, responsePayload } = decodeTransaction(envelope);
    const creator = { key: keyOf(envelope.signature.creator), message: envelope.signed, signature: envelope.creatorSignature };
    const peers = endorsements.map(({ endorser, signature }) => ({
      key: keyOf(endorser),
      message: Buffer.concat([responsePayload, endorser]),
      signature,
    }));
    return [creator, ...peers];
  });
  return [...orderers, ...calls];
}

async function allSignatures(folder: string): Promise<Signed[]> {
  const keys = new Map<string, KeyObject>();
  const keyOf = (identity: Uint8Array) => {
    const { certificate } = decodeIdentity(identity);
    const key = keys.get(certificate) ?? createPublicKey(certificate);
    keys.set(certificate, key);
    return key;
  };
  const source = folderSource(folder);
  const signatures: Signed[] = [];
  for await (const { block } of source.blocks(0)) signatures.push(...signaturesOf(block, keyOf));
  source.close();
  return signatures;
}

function checkAlone(signatures: readonly Signed[]): number {
  const began = performance.now();
  for (const { key, message, signature } of signatures)
    if (!verify('sha256', message, key, signature)) throw new Error('a signature does not hold');
  return (performance.now() - began) / 1000;
}

async function auditOnce(folder: string): Promise<{ seconds: number; transactions: number; height: number }> {
  const began = performance.now();
  const { transactions, height } = await auditFolder({ folder });
  return { seconds: (performance.now() - began) / 1000, transactions, height };
}

export async function audit(): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'delta-audit-bench-'));
  try {
    await buildHistory(folder, RECORDS, (line) => process.stderr.write(`${line}\n`));
    const signatures = await allSignatures(folder);
    await auditOnce(folder);
    const [audits, alone]: [number[], number[]] = [[], []];
    let found = { transactions: 0, height: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = await auditOnce(folder);
      alone.push(checkAlone(signatures), checkAlone(signatures));
      const second = await auditOnce(folder);
      audits.push(first.seconds, second.seconds);
      found = first;
    }
    const [replay, limit] = [median(audits), median(alone)];
    return {
      bench: 'audit',
      ratio: rounded(limit / replay),
      against: 'the same signatures alone, node:crypto in one thread',
      atLeast: 0.5,
      figures: {
        transactionsPerSecond: rounded(found.transactions / replay),
        signaturesAlonePerSecond: rounded(signatures.length / limit),
        transactions: found.transactions,
        signatures: signatures.length,
        blocks: found.height,
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
