/** What a peer's own query chaincode (`qscc`) answers with. */
import { MessageReader } from './wire.js';

export const QUERY_CHAINCODE = 'qscc';

/** The height out of a `common.BlockchainInfo`. @throws FormatError */
export function decodeHeight(bytes: Uint8Array): number {
  return new MessageReader(bytes).integer(1);
}

/** The validation code out of a `peer.ProcessedTransaction`. @throws FormatError */
export function decodeProcessedCode(bytes: Uint8Array): number {
  return new MessageReader(bytes).int32(2);
}
