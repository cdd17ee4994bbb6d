/**
 * What the signing process signs: a proposal or a transaction of our channel and chaincode, by that very
 * identity, dated now. Whoever takes over an API gets no signature under a channel configuration, a
 * chaincode definition, a TLS handshake or a transaction kept for later. Every message is closed: what
 * is not known here is refused, since a peer might read it otherwise.
 */
import { CHAINCODE_NAME, CHANNEL, TIME_WINDOW_MS } from '../../channel.js';
import { QUERY_CHAINCODE } from '../../format/chain-query.js';
import { decodeChannelHeader, decodeSignatureHeader, HEADER_TYPE, transactionIdOf } from '../../format/header.js';
import { decodeInvocation, type ProposalParts, proposalHash } from '../../format/proposal.js';
import { decodeResponsePayload } from '../../format/response.js';
import { FormatError, MessageReader } from '../../format/wire.js';

const CHAIN_QUERIES: ReadonlySet<string> = new Set(['GetChainInfo', 'GetTransactionByID']);

export interface Examined {
  readonly kind: 'proposal' | 'transaction' | 'query' | 'blocks';
  readonly transactionId: string;
}

function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new FormatError(otherwise);
}

function checkHeaders(
  { channelHeader, signatureHeader }: ProposalParts,
  creator: Uint8Array,
  now: number,
  chaincode: string,
): string {
  const reader = new MessageReader(channelHeader).closed([1, 2, 3, 4, 5, 6, 7, 8]);
  reader.message(3).closed([1, 2]);
  reader.message(7).closed([1, 2]).message(2).closed([1, 2, 3]);
  new MessageReader(signatureHeader).closed([1, 2]);
  const header = decodeChannelHeader(channelHeader);
  const signature = decodeSignatureHeader(signatureHeader);
  demand(header.type === HEADER_TYPE.endorserTransaction, `a header of type ${header.type} is no endorsed transaction's`);
  demand(header.channel === CHANNEL, `channel ${JSON.stringify(header.channel)} is not ${CHANNEL}`);
  demand(header.chaincode === chaincode, `chaincode ${JSON.stringify(header.chaincode)} is not ${chaincode}`);
  demand(signature.creator.equals(creator), 'the creator is another identity');
  demand(header.transactionId === transactionIdOf(signature), 'the transaction id is not that of nonce and creator');
  demand(Math.abs(header.timestamp - now) <= TIME_WINDOW_MS, 'the timestamp is too far from this clock');
  return header.transactionId;
}

function checkShape(payload: Uint8Array): void {
  // Field 2 would be transient data, which a peer sees and no ledger keeps: no contract of ours takes any.
  const spec = new MessageReader(payload).closed([1]).message(1).closed([1]).message(1).closed([1, 2, 3]);
  spec.message(2).closed([1, 2, 3]);
  spec.message(3).closed([], [1]);
}

/** A peer's own questions about the chain, which write nothing: asked as proposals, never sent to be ordered. */
function isChainQuery(payload: Uint8Array): boolean {
  const { chaincode, args } = decodeInvocation(payload);
  return chaincode === QUERY_CHAINCODE && CHAIN_QUERIES.has(args[0] ?? '') && args.length <= 3;
}

/** A request for blocks: it moves nothing, and names neither transaction nor chaincode. */
function checkSeek(header: MessageReader, content: Buffer, creator: Uint8Array, now: number): void {
  const channelHeader = decodeChannelHeader(header.closed([1, 2]).bytes(1));
  const { channel, transactionId, chaincode, timestamp } = channelHeader;
  demand(channel === CHANNEL, `channel ${JSON.stringify(channel)} is not ${CHANNEL}`);
  demand(transactionId === '' && chaincode === '', 'a request for blocks names no transaction');
  demand(decodeSignatureHeader(header.bytes(2)).creator.equals(creator), 'the creator is another identity');
  demand(Math.abs(timestamp - now) <= TIME_WINDOW_MS, 'the timestamp is too far from this clock');
  new MessageReader(content).closed([1, 2, 3, 4, 5]);
}

function checkInvocation(payload: Uint8Array): void {
  checkShape(payload);
  const { chaincode, args } = decodeInvocation(payload);
  demand(chaincode === CHAINCODE_NAME, `the invocation calls ${JSON.stringify(chaincode)}`);
  demand(args.length === 1 || args.length === 2, 'an invocation has a function and at most one argument');
}

function partsOf(header: MessageReader, payload: Buffer): ProposalParts {
  header.closed([1, 2]);
  return { channelHeader: header.bytes(1), signatureHeader: header.bytes(2), payload };
}

function examineTransaction(header: MessageReader, content: Buffer): ProposalParts {
  const [only, ...others] = new MessageReader(content).closed([], [1]).all(1);
  demand(only !== undefined && others.length === 0, 'a transaction has exactly one action');
  const action = new MessageReader(only).closed([1, 2]);
  const body = action.message(2).closed([1, 2]);
  const endorsed = body.message(2).closed([1], [2]);
  const parts = partsOf(header, body.bytes(1));
  demand(action.bytes(1).equals(parts.signatureHeader), "the action's header is not the transaction's");
  const { proposalHash: hash, chaincode } = decodeResponsePayload(endorsed.bytes(1));
  demand(proposalHash(parts).equals(hash), 'the endorsed answer is that of another proposal');
  demand(chaincode.name === CHAINCODE_NAME, 'the endorsed answer is that of another chaincode');
  return parts;
}

/** A `peer.Proposal`'s second field begins another message than a `common.Payload`'s: no bytes are both. */
function isProposal(content: Buffer): boolean {
  try {
    checkShape(content);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param creator `SerializedIdentity` of whoever is to sign
 * @param now milliseconds since the epoch
 * @throws FormatError saying why this is not to be signed
 */
export function examine(message: Uint8Array, creator: Uint8Array, now: number): Examined {
  const reader = new MessageReader(message).closed([1, 2]);
  const [header, content] = [reader.message(1), reader.bytes(2)];
  if (decodeChannelHeader(header.bytes(1)).type === HEADER_TYPE.deliverSeekInfo) {
    checkSeek(header, content, creator, now);
    return { kind: 'blocks', transactionId: '' };
  }
  if (isProposal(content) && isChainQuery(content)) {
    const parts = partsOf(header, content);
    return { kind: 'query', transactionId: checkHeaders(parts, creator, now, QUERY_CHAINCODE) };
  }
  const kind = isProposal(content) ? 'proposal' : 'transaction';
  const parts = kind === 'proposal' ? partsOf(header, content) : examineTransaction(header, content);
  const transactionId = checkHeaders(parts, creator, now, CHAINCODE_NAME);
  checkInvocation(parts.payload);
  return { kind, transactionId };
}
