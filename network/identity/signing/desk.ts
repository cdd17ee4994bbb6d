/** What the signing process does with a request, whoever carries it: it holds the wallet, and decides. */
import { createHash } from 'node:crypto';
import { DataFolderRefused } from '../../errors.js';
import { encodeIdentity } from '../../format/identity.js';
import { FormatError } from '../../format/wire.js';
import type { Signer } from '../signer.js';
import type { Wallet } from '../wallet.js';
import { examine } from './examine.js';
import type { SigningAnswer, SigningRequest } from './messages.js';
import type { SigningRate } from './rate.js';

export interface DeskDeps {
  readonly wallet: Wallet;
  readonly rate: SigningRate;
  /** milliseconds since the epoch */
  readonly clock: () => number;
  /** told each refusal; what was asked may be an attack */
  readonly log: (message: string) => void;
}

interface Opened {
  readonly agencyId: string;
  readonly signer: Signer;
  readonly creator: Buffer;
}

const REMEMBERED = 2048;

export function certificateDigest(certificate: string): string {
  return createHash('sha256').update(certificate).digest('hex');
}

export class SigningDesk {
  readonly #deps: DeskDeps;
  readonly #opened = new Map<string, Opened>();

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  async #open({ agencyId, province, roles, digest: keyDigest }: SigningRequest): Promise<Buffer> {
    const agency = { agencyId, province, roles, ...(keyDigest !== '' && { keyDigest }) };
    const signer = await this.#deps.wallet.signer(agency);
    const digest = certificateDigest(signer.certificate);
    if (this.#opened.get(digest)?.signer !== signer) {
      if (this.#opened.size >= REMEMBERED) this.#opened.delete(this.#opened.keys().next().value as string);
      this.#opened.set(digest, { agencyId, signer, creator: encodeIdentity(signer) });
    }
    return encodeIdentity(signer);
  }

  async #done(request: SigningRequest, opened: Opened | undefined): Promise<Uint8Array> {
    const { wallet, clock } = this.#deps;
    if (request.kind === 'key-digest') return Buffer.from(await wallet.keyDigest(request.agencyId, request.province));
    if (request.kind === 'another-key') return Buffer.from(await wallet.anotherKey(request.agencyId, request.province));
    if (request.kind === 'holds') return Buffer.from([(await wallet.holds(request.agencyId, request.digest)) ? 1 : 0]);
    if (request.kind === 'open' || !opened) return this.#open(request);
    examine(request.message, opened.creator, clock());
    return opened.signer.sign(request.message);
  }

  /** Never throws: what went wrong is in the answer, without a word about keys or paths but what the wallet says. */
  async answer(request: SigningRequest): Promise<SigningAnswer> {
    const { id, kind } = request;
    const opened = kind === 'sign' ? this.#opened.get(request.digest) : undefined;
    if (kind === 'sign' && !opened) return { id, result: 'unknown', body: Buffer.alloc(0) };
    const agencyId = opened?.agencyId ?? request.agencyId;
    if (kind !== 'holds' && !this.#deps.rate.admits(agencyId)) return { id, result: 'busy', body: Buffer.alloc(0) };
    try {
      return { id, result: 'done', body: await this.#done(request, opened) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#deps.log(`refused: ${kind} for ${JSON.stringify(agencyId)}: ${reason}`);
      const told = error instanceof FormatError || error instanceof DataFolderRefused;
      return { id, result: 'refused', body: Buffer.from(told ? reason : 'see the signing process’s log') };
    }
  }
}
