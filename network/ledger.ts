/**
 * The ledger port: all that API, commands and tests know of a ledger. Two adapters stand behind it,
 * `embedded` (one process) and `fabric` (four provinces), and no caller can tell which.
 */
import type { ProvinceCode } from '../chaincode/provinces.js';
import type { Signer } from './identity/signer.js';

/** A function of the chaincode with its one argument, in the name of whoever signs. */
export interface Invocation {
  readonly signer: Signer;
  /** `contract:Function` */
  readonly function: string;
  /** canonical JSON made by `encodeArgument` for writes; the query's own text for reads, empty for one that takes nothing */
  readonly argument: string;
}

/** A valid transaction in a block. */
export interface Committed {
  readonly transactionId: string;
  readonly block: number;
  readonly position: number;
  /** the transaction's own timestamp, RFC 3339 UTC with milliseconds */
  readonly time: string;
  /** MSP ids of the provinces whose peers endorsed it, in the order of the table of provinces */
  readonly endorsers: readonly string[];
  /** what the contract answered */
  readonly payload: string;
}

export type TransactionStatus =
  | { readonly id: string; readonly status: 'pending' }
  | { readonly id: string; readonly status: 'valid'; readonly committed: Committed }
  | { readonly id: string; readonly status: 'invalid'; readonly code: string; readonly block: number; readonly time: string };

export interface LedgerTransaction {
  readonly id: string;
  readonly position: number;
  /** Fabric's validation code by name; everything but `VALID` changed nothing */
  readonly validationCode: string;
  readonly time: string;
  /**
   * `config` for channel configuration, `other` for another chaincode's transaction (the lifecycle's) or an
   * invalid one that cannot be read: these have no function, and write nothing of ours
   */
  readonly kind: 'endorser' | 'config' | 'other';
  readonly creatorMspId: string;
  readonly function: string;
  readonly argument: string;
  readonly payload: string;
  readonly endorsers: readonly string[];
  /** writes of the chaincode's own namespace in key order; a null value is a delete */
  readonly writes: readonly { readonly key: string; readonly value: string | null }[];
}

/** What the orderers signed of a block, so that whoever keeps it can check it: hashes as 64 hex, bytes in base64. */
export interface BlockSeal {
  readonly dataHash: string;
  /** the peer's commit hash: no orderer signs it; a peer does in its `statements`, and an audit computes it again */
  readonly stateHash: string;
  /** what each signature covers first; then its header, then the block's header as ASN.1 DER */
  readonly ordererMetadata: string;
  /** of `signatureHeader` and `identifierHeader` one is empty: SmartBFT's orderers have numbers for names */
  readonly signatures: readonly {
    readonly signatureHeader: string;
    readonly identifierHeader: string;
    readonly signature: string;
  }[];
}

export interface LedgerBlock {
  readonly number: number;
  /** SHA-256 over the header as Fabric takes it, 64 hex */
  readonly hash: string;
  /** the same of the block before; empty in block 0 */
  readonly previousHash: string;
  readonly seal: BlockSeal;
  readonly transactions: readonly LedgerTransaction[];
}

/** A peer's signed answer to a query: the bytes it signed, and who it is. */
export interface SignedAnswer {
  readonly mspId: string;
  /** PEM of the peer's certificate */
  readonly certificate: string;
  /** protobuf `ProposalResponsePayload` */
  readonly payload: Uint8Array;
  /** protobuf `SerializedIdentity` of the endorser, which the signature covers after the payload */
  readonly endorser: Uint8Array;
  /** ECDSA P-256 over SHA-256 of payload ‖ endorser, DER, low S */
  readonly signature: Uint8Array;
}

export interface LedgerInfo {
  readonly kind: 'embedded' | 'fabric';
  readonly assurance: 'single-operator' | 'bft-4';
  readonly channel: string;
  /** number of blocks, genesis included */
  readonly height: number;
  readonly codeDigest: string;
  readonly provinces: readonly {
    readonly code: ProvinceCode;
    readonly mspId: string;
    /** PEM of the province's root certificates, which outsiders pin */
    readonly roots: readonly string[];
    readonly reachable: boolean;
    readonly height: number;
    /** what this province's peer says about its own code; absent when it cannot be asked */
    readonly codeDigest?: string;
  }[];
}

export interface Ledger {
  /**
   * Endorses, orders and waits for the commit. A stale read is tried again at most five times.
   * `prepared` is told the transaction's id before anything leaves this process.
   * @throws Refusal when the contract refuses: nothing was written, nor will be by an earlier attempt at the same operation
   * @throws LedgerConflict, LedgerUnavailable, TransactionInvalid: nothing was written
   * @throws OutcomeUnknown: ask `transactionStatus`, or submit the same operation again
   */
  submit(invocation: Invocation, prepared?: (transactionId: string) => void): Promise<Committed>;
  /** A transaction that is an attempt at an operation of an agency and may still be ordered; a ledger that decides at once has none. */
  open?(agencyId: string, operation: string): string | undefined;
  /** Asks one peer; writes nothing. @throws Refusal, LedgerUnavailable */
  evaluate(invocation: Invocation): Promise<string>;
  /** Signed answers of `count` provinces' peers to one query, byte-equal. @throws Refusal, LedgerUnavailable */
  attest(invocation: Invocation, count: number): Promise<readonly SignedAnswer[]>;
  transactionStatus(transactionId: string): Promise<TransactionStatus>;
  /**
   * What the peer of every province that can be reached signs to be the block at a number, commit hash included:
   * each as it has it, so they may differ. @throws LedgerUnavailable when none answers
   */
  statements(number: number): Promise<readonly SignedAnswer[]>;
  /** Every block from a number on, in order, and new ones as they come, until the signal aborts. */
  blocks(from: number, signal: AbortSignal): AsyncIterable<LedgerBlock>;
  info(): Promise<LedgerInfo>;
  close(): Promise<void>;
}
