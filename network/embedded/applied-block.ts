/** A block as read from the log, in the form that state and indexes take. */
import { decodeEnvelope, decodeTransaction } from '../format/envelope.js';
import { HEADER_TYPE } from '../format/header.js';
import { decodeResponsePayload } from '../format/response.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { ScannedBlock } from './log-scan.js';
import type { AppliedBlock } from './state-store.js';

/** @throws FormatError */
export function appliedBlock({ block, hash, offset, next }: ScannedBlock): AppliedBlock {
  const transactions = block.data.map((bytes, position) => {
    const envelope = decodeEnvelope(bytes);
    const id = envelope.channel.transactionId;
    const code = block.filter[position] ?? VALIDATION_CODE.INVALID_OTHER_REASON;
    if (code !== VALIDATION_CODE.VALID || envelope.channel.type !== HEADER_TYPE.endorserTransaction)
      return { id, code, writes: [] };
    return { id, code, writes: decodeResponsePayload(decodeTransaction(envelope).responsePayload).writes };
  });
  return { number: block.header.number, hash, offset, next, commitHash: Buffer.from(block.commitHash), transactions };
}
