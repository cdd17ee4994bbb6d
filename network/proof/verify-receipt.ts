/**
 * Checks a receipt offline. Whoever wants to trust a receipt reads this file: it says everything that is
 * checked, and `objectionTo` says whose signature counts. It trusts the trust file and nothing else: no
 * server, no clock, no word beside the signed bytes. All checks that can run do, each under its name, and the verdict is
 * computed from them: `holds` when none failed, `unknown` when only something unknown stands in the way.
 */
import { type Answer, decodeAnswer } from './answer.js';
import { CHECKS, type Check, type CheckName, Checks, type Verdict, verdictOf } from './checks.js';
import { namesDigest } from './document.js';
import { require, type SignerFault } from './faults.js';
import type { Primitives } from './primitives.js';
import { parseReceipt, type Receipt } from './receipt.js';
import { listsFor, type RevocationList } from './revocation.js';
import { objectionTo, requireSignature, type Signer, signerOf } from './signer.js';
import { SINGLE_OPERATOR, type Trust } from './trust.js';

const CHAINCODE = 'trust';

export interface Given {
  /** pinned out of band */
  readonly trust: Trust;
  readonly primitives: Primitives;
  /** opened with the same trust; none when the reader has none */
  readonly lists?: readonly RevocationList[];
  /** digests of the document that the receipt is to be about, where there is one */
  readonly document?: readonly { readonly alg: string; readonly value: string }[];
}

export interface SeenSigner extends Signer {
  /** why it does not count */
  readonly objection: SignerFault | undefined;
}

export interface ReceiptJudgement {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  /** what the trust file says, never more */
  readonly assurance: Trust['assurance'];
  readonly required: number;
  readonly signers: readonly SeenSigner[];
  /** what the peers signed, where it can be read; worth nothing unless the verdict is `holds` */
  readonly answer: Answer | undefined;
}

/** The answer must be about this channel, from our chaincode. */
function requireLedger({ channel, chaincode }: Answer, trust: Trust): void {
  require(channel === trust.channel, 'proof.ledger', `an answer about channel ${channel}, not ${trust.channel}`);
  require(chaincode.name === CHAINCODE, 'proof.ledger', `an answer of chaincode ${chaincode.name}, not ${CHAINCODE}`);
}

/** The chaincode's words must agree with the read set, which the peer keeps by itself: same keys, present or absent alike. */
function requireRecords({ records, reads, question }: Answer): void {
  const stated = new Set(records.map(({ key }) => key));
  require(stated.size === records.length && stated.size > 0, 'proof.records', 'a record stands twice, or none does');
  require(stated.size === reads.size, 'proof.records', 'other keys were read than the answer is about');
  for (const { key, value } of records) {
    require(reads.has(key), 'proof.records', `${key} is not in the signed read set`);
    require((value === null) === (reads.get(key) === undefined), 'proof.records', `${key} is both there and not there`);
    require(value !== undefined || question !== 'records', 'proof.records', `${key} stands without its record`);
  }
}

async function goodSignatures({ payload, signatures }: Receipt, primitives: Primitives): Promise<Signer[]> {
  require(signatures.length > 0, 'proof.signature', 'nobody signed');
  const signers: Signer[] = [];
  for (const signature of signatures) {
    const signer = signerOf(signature);
    await requireSignature(payload, signature, signer, primitives);
    signers.push(signer);
  }
  return signers;
}

/** Accepted signers are counted by province: two peers of one, or one peer twice, are one voice. */
function requireEnough(signers: readonly SeenSigner[], k: number): void {
  const provinces = new Set(signers.filter(({ objection }) => !objection).map(({ mspId }) => mspId));
  const [refused] = signers.filter(({ objection }) => objection).map(({ objection }) => objection);
  require(provinces.size >= k, refused ??
    'signer.too-few', `${provinces.size} provinces' peers are accepted, ${k} are asked for`);
}

/** A ledger whose keys one operator holds must not pass for four provinces', whatever else is in order. */
function requireAssurance(signers: readonly Signer[], { assurance }: Trust): void {
  const marked = signers.some(({ certificate }) => certificate.issuerUnits.includes(SINGLE_OPERATOR));
  require(!marked || assurance === SINGLE_OPERATOR, 'signer.assurance', 'one operator holds all keys of this ledger');
}

/** Without those that their provinces have revoked there must be enough left. */
function requireStanding(signers: readonly SeenSigner[], k: number): void {
  const enough = new Set(signers.filter(({ objection }) => !objection).map(({ mspId }) => mspId)).size >= k;
  const revoked = signers.some(({ objection }) => objection === 'signer.revoked');
  require(enough || !revoked, 'signer.revoked', 'a peer that signed has been revoked, and too few are left');
}

/** Whether there is a list for every signer that is no older than what was signed: an older one cannot tell of it. */
function isListed(signers: readonly SeenSigner[], time: number, lists: readonly RevocationList[]): boolean {
  const isTold = ({ certificate }: SeenSigner) => listsFor(certificate, lists).some(({ thisUpdate }) => thisUpdate >= time);
  return signers.length > 0 && signers.every(isTold);
}

/** @param text the receipt's file as it is */
export async function verifyReceipt(text: string, given: Given): Promise<ReceiptJudgement> {
  const { trust, primitives, lists = [], document } = given;
  const checks = new Checks<CheckName>();
  const receipt = await checks.run('form', () => parseReceipt(text));
  const good = receipt && (await checks.run('signatures', () => goodSignatures(receipt, primitives)));
  const answer = receipt && (await checks.run('answer', () => decodeAnswer(receipt.payload)));
  const signers: SeenSigner[] = [];
  if (answer) {
    await checks.run('ledger', () => requireLedger(answer, trust));
    await checks.run('records', () => requireRecords(answer));
    for (const signer of good ?? [])
      signers.push({ ...signer, objection: await objectionTo(signer, Date.parse(answer.time), trust, lists, primitives) });
    if (good) await checks.run('signers', () => requireEnough(signers, trust.k));
    if (document) await checks.run('document', () => namesDigest(answer, document));
  }
  if (good) await checks.run('assurance', () => requireAssurance(good, trust));
  if (answer && isListed(signers, Date.parse(answer.time), lists))
    await checks.run('revocation', () => requireStanding(signers, trust.k));
  const all = checks.list(CHECKS);
  return { verdict: verdictOf(all), checks: all, assurance: trust.assurance, required: trust.k, signers, answer };
}
