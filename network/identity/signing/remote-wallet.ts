/** The wallet of a process that holds no keys: it asks the signing process. */
import { connect, type Socket } from 'node:net';
import { provinceOf } from '../../../chaincode/provinces.js';
import { LedgerUnavailable } from '../../errors.js';
import { decodeIdentity } from '../../format/identity.js';
import type { Signer } from '../signer.js';
import type { Wallet, WalletAgency } from '../wallet.js';
import { certificateDigest } from './desk.js';
import { decodeAnswer, encodeRequest, Frames, frame, type SigningAnswer, type SigningRequest } from './messages.js';

const PATIENCE_MILLISECONDS = 5_000;
const REMEMBERED = 2048;
type Question = Partial<SigningRequest> & Pick<SigningRequest, 'kind'>;

/** The signing process looked at the request and will not do it: asking again gets the same answer. */
export class SigningRefused extends Error {
  override readonly name = 'SigningRefused';
}

interface Waiting {
  readonly done: (answer: SigningAnswer) => void;
  readonly lost: (error: Error) => void;
}

/** One connection, opened when it is needed and again when it was lost. */
class Line {
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #asked = 0;

  constructor(path: string) {
    this.#path = path;
  }

  #lost(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    const error = new LedgerUnavailable(`the signing process does not answer on ${this.#path}: start it (npm run signer)`);
    for (const { lost } of this.#waiting.values()) lost(error);
    this.#waiting.clear();
  }

  #open(): Socket {
    const socket = connect(this.#path);
    const frames = new Frames();
    const over = () => {
      if (this.#socket === socket) this.#lost();
    };
    socket.on('error', over).on('close', over);
    socket.on('data', (chunk) => {
      try {
        for (const bytes of frames.take(chunk as Buffer)) this.#take(decodeAnswer(bytes));
      } catch {
        over();
      }
    });
    return socket.unref();
  }

  #take(answer: SigningAnswer): void {
    this.#waiting.get(answer.id)?.done(answer);
    this.#waiting.delete(answer.id);
  }

  ask(question: Question): Promise<SigningAnswer> {
    this.#asked += 1;
    const id = this.#asked;
    const socket = this.#socket ?? this.#open();
    this.#socket = socket;
    const blank = { agencyId: '', province: '310000', roles: [], digest: '', message: Buffer.alloc(0) } as const;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lost(), PATIENCE_MILLISECONDS);
      const settle = <T>(act: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          act(value);
        };
      };
      this.#waiting.set(id, { done: settle(resolve), lost: settle(reject) });
      socket.write(frame(encodeRequest({ ...blank, ...question, id })));
    });
  }

  close(): void {
    this.#lost();
  }
}

/** @throws LedgerUnavailable, SigningRefused */
function bodyOf({ result, body }: SigningAnswer): Buffer {
  const bytes = Buffer.from(body);
  if (result === 'refused') throw new SigningRefused(`the signing process refuses: ${bytes.toString('utf8')}`);
  if (result === 'busy') throw new LedgerUnavailable('the agency signs more often than the signing process allows: try again');
  if (result === 'unknown') throw new LedgerUnavailable('the signing process was started anew: try again');
  return bytes;
}

export interface RemoteWallet extends Wallet {
  close(): void;
}

/**
 * A wallet whose keys are in the signing process that listens on a socket; it connects at the first use.
 * Its calls throw LedgerUnavailable while that process is not there, SigningRefused for what it will not sign.
 */
export function openRemoteWallet(path: string): RemoteWallet {
  const line = new Line(path);
  // The same object for the same certificate: callers remember what they made for a signer.
  const known = new Map<string, Signer>();
  const ask = async (question: Question) => bodyOf(await line.ask(question));
  const signerOf = (agency: WalletAgency, certificate: string): Signer => {
    const digest = certificateDigest(certificate);
    const before = known.get(digest);
    if (before) return before;
    const sign = (message: Uint8Array) => ask({ kind: 'sign', digest, message });
    const signer = { mspId: provinceOf(agency.province).mspId, certificate, sign };
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value as string);
    known.set(digest, signer);
    return signer;
  };
  return {
    keyDigest: async (agencyId, province) => (await ask({ kind: 'key-digest', agencyId, province })).toString('utf8'),
    anotherKey: async (agencyId, province) => (await ask({ kind: 'another-key', agencyId, province })).toString('utf8'),
    holds: async (agencyId, digest) => (await ask({ kind: 'holds', agencyId, digest }))[0] === 1,
    signer: async (agency) => {
      const { agencyId, province, roles, keyDigest: digest = '' } = agency;
      return signerOf(agency, decodeIdentity(await ask({ kind: 'open', agencyId, province, roles, digest })).certificate);
    },
    close: () => line.close(),
  };
}
