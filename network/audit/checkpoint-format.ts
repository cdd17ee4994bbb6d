/** Name and version of the document; another version is refused. */
export const CHECKPOINT_FORMAT = 'yrd-checkpoint/1';

/** What one province's peer signed to be the last block, without the block's transactions; bytes in base64. */
export interface Statement {
  readonly mspId: string;
  /** what it says: hash of the header and Fabric's commit hash, 64 hex */
  readonly blockHash: string;
  readonly stateHash: string;
  /** of `ProposalResponsePayload`, what stands before and behind the transactions */
  readonly before: string;
  readonly after: string;
  /** `SerializedIdentity`, which the signature covers after the payload */
  readonly endorser: string;
  readonly signature: string;
}
