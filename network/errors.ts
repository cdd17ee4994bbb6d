/** What can go wrong between a caller and a ledger, besides a contract's refusal. */

/** The state moved under the transaction five times running; nothing was written. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

/** The ledger cannot take the request now; nothing was written. */
export class LedgerUnavailable extends Error {
  override readonly name: string = 'LedgerUnavailable';
}

/** The peers refuse what is dated as this machine's clock has it; nothing was written. */
export class ClockRefused extends LedgerUnavailable {
  override readonly name: string = 'ClockRefused';
}

/** What one province's peer answered, as a digest: the answers themselves may hold what the asker may not see. */
export interface Said {
  readonly mspId: string;
  /** SHA-256 over the signed answer, 64 hex; or why there is none */
  readonly said: string;
}

/** So few provinces' peers gave one and the same answer that none of them can be believed; nothing was written. */
export class ProvincesDisagree extends LedgerUnavailable {
  override readonly name: string = 'ProvincesDisagree';
  readonly said: readonly Said[];

  constructor(question: string, said: readonly Said[]) {
    const list = said.map(({ mspId, said: what }) => `${mspId}: ${what}`).join('; ');
    super(
      `the provinces answer ${question} differently (${list}); compare their chaincode and state before anything is believed`,
    );
    this.said = said;
  }
}

/** The transaction was ordered and found invalid; nothing was written. */
export class TransactionInvalid extends Error {
  override readonly name = 'TransactionInvalid';
  readonly transactionId: string;
  readonly validationCode: string;

  constructor(transactionId: string, validationCode: string) {
    super(`transaction ${transactionId} is invalid: ${validationCode}`);
    this.transactionId = transactionId;
    this.validationCode = validationCode;
  }
}

/** The transaction may or may not be committed; its id tells which, later. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly transactionId: string;

  constructor(transactionId: string) {
    super(`outcome of transaction ${transactionId} is not known yet`);
    this.transactionId = transactionId;
  }
}

export type RefusedFolder = 'busy' | 'damaged' | 'newer' | 'older' | 'other-ledger';

/** A data folder that must not be opened as it is. The message says what is wrong, where, and what to do. */
export class DataFolderRefused extends Error {
  override readonly name = 'DataFolderRefused';
  readonly reason: RefusedFolder;
  /** number of the first bad block, where a block is bad */
  readonly block: number | undefined;

  constructor(reason: RefusedFolder, message: string, block?: number) {
    super(message);
    this.reason = reason;
    this.block = block;
  }
}
