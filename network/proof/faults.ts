/**
 * Why a receipt does not hold, in two closed sets that no code is in twice: the proof is wrong, whoever
 * signed it; or the proof may be right, but its signers are not those that this reader accepts. A third
 * set says that this verifier cannot tell.
 */
export const PROOF_FAULTS = [
  /** not a receipt's canonical JSON */
  'proof.form',
  /** a signature does not fit the signed bytes and the certificate beside it */
  'proof.signature',
  /** the signed bytes are not a peer's answer to a receipt's question */
  'proof.answer',
  /** the signed bytes write: they are the endorsement of a transaction, which may have failed afterwards */
  'proof.write',
  /** the answer is of another channel or another chaincode */
  'proof.ledger',
  /** what the answer says of a record is not what the signed read set says */
  'proof.records',
  /** the document is not the one that the answer speaks of */
  'proof.document',
] as const;

/** What else can be wrong between an anchored record and the receipt for its root. */
export const ANCHOR_FAULTS = [
  /** the leaf is of another record */
  'proof.leaf',
  /** the path does not lead from the leaf to the root */
  'proof.path',
  /** the peers signed for another root than the path leads to, or for another batch */
  'proof.root',
] as const;

/** What else can be wrong between a story and the receipts of its records. */
export const EVIDENCE_FAULTS = [
  /** a record that the story tells of stands in no receipt */
  'proof.unsigned',
  /** what the story tells of a record is not what was signed, or a signed record is left out */
  'proof.told',
  /** entries or uses are missing, moved, added or altered */
  'proof.chain',
  /** the catalogue's content is not the one that the provinces approved */
  'proof.catalogue',
  /** somebody acted who, by what was signed, was not the one to */
  'proof.entitlement',
  /** the status on the day is not the one that follows from the signed records */
  'proof.status',
  /** how a digest was captured is not as it was recorded */
  'proof.capture',
] as const;

export const SIGNER_FAULTS = [
  /** the certificate cannot be read, or is of another kind than a peer's */
  'signer.certificate',
  /** no province in the trust file has this membership */
  'signer.unknown',
  /** not issued by a root that the trust file pins for that province */
  'signer.root',
  /** not a peer: clients, administrators and orderers answer nothing */
  'signer.unit',
  /** not valid at the declared time of the answer */
  'signer.validity',
  'signer.revoked',
  /** one operator's ledger, where the trust file asks for four provinces' */
  'signer.assurance',
  /** fewer provinces' peers than the trust file asks for */
  'signer.too-few',
] as const;

/** A version that this verifier does not know. */
export const UNDECIDED = ['format.unknown'] as const;

export type ProofFault = (typeof PROOF_FAULTS)[number];
export type SignerFault = (typeof SIGNER_FAULTS)[number];
export type AnchorFault = (typeof ANCHOR_FAULTS)[number];
export type EvidenceFault = (typeof EVIDENCE_FAULTS)[number];
export type FaultCode = ProofFault | AnchorFault | EvidenceFault | SignerFault | (typeof UNDECIDED)[number];

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws Fault */
export function require(condition: boolean, code: FaultCode, message: string): asserts condition {
  if (!condition) throw new Fault(code, message);
}
