/** What can go wrong between a caller and a ledger, besides a contract's refusal. */

/** The state moved under the transaction five times running; nothing was written. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

/** The ledger cannot take the request now; nothing was written. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
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

export type RefusedFolder = 'busy' | 'damaged' | 'newer' | 'older';

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
