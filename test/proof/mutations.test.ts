import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { type PeerSignature, parseReceipt, type Receipt, receiptText } from '../../network/proof/receipt.js';
import { parseTrust, type Trust } from '../../network/proof/trust.js';
import { verifyReceipt } from '../../network/proof/verify-receipt.js';
import { seeded } from '../../scripts/faults/random.js';

const FOLDER = join(import.meta.dirname, '../vectors/receipts');
const MUTATIONS = Number(process.env.MUTATIONS ?? 20_000);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32);

const read = (name: string, file: string) => readFileSync(join(FOLDER, name, file), 'utf8');

/** Every receipt there is is material: what one lacks another may lend. */
const material = readdirSync(FOLDER).flatMap((name): Receipt[] => {
  try {
    return [parseReceipt(read(name, 'receipt.json'))];
  } catch {
    return [];
  }
});
const lent = material.flatMap(({ signatures }) => signatures);

type Pick = <T>(from: readonly T[]) => T;
type Dice = { readonly below: (limit: number) => number; readonly pick: Pick };

function diceOf(seed: number): Dice {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return { below, pick: (from) => from[below(from.length)] as never };
}

function turned(bytes: Uint8Array, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** A bit turned, a byte set, a stretch cut out, doubled or taken from elsewhere. */
function bent(bytes: Uint8Array, { below, pick }: Dice, elsewhere: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = below(Math.max(1, copy.length));
  const length = 1 + below(16);
  const ways = [
    () => turned(copy, at, 1 << below(8)),
    () => turned(copy, at, below(256)),
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]),
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - length))]),
    () => Buffer.concat([copy.subarray(0, at), Buffer.from(elsewhere).subarray(at, at + length), copy.subarray(at + length)]),
  ];
  return pick(ways)();
}

function bentSignature(signature: PeerSignature, dice: Dice): PeerSignature {
  const other = dice.pick(lent);
  return dice.pick([
    () => ({ ...signature, signature: bent(signature.signature, dice, other.signature) }),
    () => ({ ...signature, endorser: bent(signature.endorser, dice, other.endorser) }),
    () => ({ ...signature, signature: other.signature }),
    () => ({ ...signature, endorser: other.endorser }),
    () => other,
  ])();
}

/** The receipt changed as a whole; written out in canonical form, so that it gets past the first check. */
function mutated({ payload, signatures }: Receipt, dice: Dice): string {
  const index = dice.below(signatures.length);
  const others = (changed: readonly PeerSignature[]) => [
    ...signatures.slice(0, index),
    ...changed,
    ...signatures.slice(index + 1),
  ];
  const chosen = signatures[index] as PeerSignature;
  const ways: (() => Receipt)[] = [
    () => ({ payload: bent(payload, dice, dice.pick(material).payload), signatures }),
    () => ({ payload: dice.pick(material).payload, signatures }),
    () => ({ payload, signatures: others([bentSignature(chosen, dice)]) }),
    () => ({ payload, signatures: others([chosen, bentSignature(chosen, dice)]) }),
    () => ({ payload, signatures: others([]) }),
    () => ({ payload, signatures: others([dice.pick(signatures)]) }),
    () => ({ payload, signatures: signatures.map((signature) => bentSignature(signature, dice)) }),
  ];
  const text = receiptText(dice.pick(ways)());
  if (dice.below(4) > 0) return text;
  const at = dice.below(text.length);
  return `${text.slice(0, at)}${String.fromCharCode(32 + dice.below(95))}${text.slice(at + dice.below(2))}`;
}

const nameOf = ({ endorser }: PeerSignature) => Buffer.from(endorser).toString('base64');

/** By `node:crypto` alone, past everything that is tested here. */
function isSignedBy({ endorser, signature }: PeerSignature, payload: Uint8Array): boolean {
  const [pem] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(Buffer.from(endorser).toString('latin1')) ?? [];
  return pem !== undefined && verify('sha256', Buffer.concat([payload, endorser]), createPublicKey(pem), signature);
}

interface Original {
  readonly receipt: Receipt;
  readonly trust: Trust;
  /** the province of each peer whose word counts for this reader */
  readonly counted: ReadonlyMap<string, string>;
}

async function originals(): Promise<Original[]> {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith('holds-'));
  const texts = names.map((name) => read(name, 'receipt.json'));
  const countedBy = async (trust: Trust) => {
    const counted = new Map<string, string>();
    // Of receipts that are good as they are: who signed a bad one counts for nobody, even if a verifier took it.
    for (const text of texts) {
      const { signers } = await verifyReceipt(text, { trust, primitives: nodePrimitives });
      const { signatures } = parseReceipt(text);
      for (const [index, { mspId, objection }] of signers.entries())
        if (!objection) counted.set(nameOf(signatures[index] as PeerSignature), mspId);
    }
    return counted;
  };
  return Promise.all(
    names.map(async (name, index) => {
      const trust = parseTrust(read(name, 'trust.json'));
      return { receipt: parseReceipt(texts[index] as string), trust, counted: await countedBy(trust) };
    }),
  );
}

/** Nothing but the very bytes that were signed, by enough provinces of those that count, with or without others who signed them. */
function isRearranged(text: string, { receipt, trust, counted }: Original): boolean {
  const { payload, signatures } = parseReceipt(text);
  const provinces = new Set(signatures.map((each) => counted.get(nameOf(each))).filter((mspId) => mspId !== undefined));
  const isSame = Buffer.compare(payload, receipt.payload) === 0;
  return isSame && provinces.size >= trust.k && signatures.every((each) => isSignedBy(each, payload));
}

describe('a receipt that somebody changed', () => {
  it(`is accepted in none of ${MUTATIONS} ways (MUTATIONS), seed ${SEED} (SEED)`, { timeout: 3_600_000 }, async () => {
    const dice = diceOf(SEED);
    const all = await originals();
    const escaped: string[] = [];
    let rearranged = 0;
    for (let count = 0; count < MUTATIONS; count += 1) {
      const original = dice.pick(all);
      const text = mutated(original.receipt, dice);
      const { verdict } = await verifyReceipt(text, { trust: original.trust, primitives: nodePrimitives });
      if (verdict !== 'holds') continue;
      if (isRearranged(text, original)) rearranged += 1;
      else escaped.push(text);
    }
    expect(escaped).toEqual([]);
    expect(rearranged).toBeLessThan(MUTATIONS / 3);
  });

  it.each(['holds-from-embedded', 'holds-certificate'])(
    '%s: is accepted with no single byte turned',
    { timeout: 300_000 },
    async (name) => {
      const text = read(name, 'receipt.json');
      const trust = parseTrust(read(name, 'trust.json'));
      const bytes = Buffer.from(text, 'latin1');
      const accepted: number[] = [];
      for (let at = 0; at < bytes.length; at += 1) {
        const text = turned(bytes, at, 1 << (at % 7)).toString('latin1');
        const { verdict } = await verifyReceipt(text, { trust, primitives: nodePrimitives });
        if (verdict === 'holds') accepted.push(at);
      }
      expect(accepted).toEqual([]);
    },
  );
});
