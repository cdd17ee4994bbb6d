/** A peer's services over the embedded ledger's parts, with a place where a test may make it lie, wait or fail. */
import { Refusal } from '../../../chaincode/errors.js';
import { endorse, executeProposal } from '../../../network/embedded/endorser.js';
import { LedgerUnavailable } from '../../../network/errors.js';
import { decodeProposal, proposalHash } from '../../../network/format/proposal.js';
import { encodeResponsePayload } from '../../../network/format/response.js';
import { MessageReader, MessageWriter } from '../../../network/format/wire.js';
import type { NetworkNode } from '../../../network/identity/province.js';
import type { NodeWorld } from '../node-world.js';
import { GrpcFault, type Method, type ServerStream } from './grpc-server.js';

/** `ProposalResponse`. */
export interface PeerAnswer {
  readonly status: number;
  readonly message: string;
  readonly payload: Buffer;
  readonly endorsement?: { readonly endorser: Buffer; readonly signature: Buffer };
}

const UNKNOWN = 2;

export function encodeAnswer({ status, message, payload, endorsement }: PeerAnswer): Buffer {
  const writer = new MessageWriter()
    .integer(1, 1)
    .message(4, new MessageWriter().integer(1, status).text(2, message))
    .bytes(5, payload);
  if (endorsement) writer.message(6, new MessageWriter().bytes(1, endorsement.endorser).bytes(2, endorsement.signature));
  return writer.finish();
}

export class DoublePeer {
  readonly identity: NetworkNode;
  readonly #world: NodeWorld;
  /** what it makes of its honest answer to a proposal; calling the argument gives that answer */
  answer: (honest: () => Promise<PeerAnswer>, chaincode: string, args: readonly string[]) => Promise<PeerAnswer> = (honest) =>
    honest();
  /** what it makes of a block's bytes; undefined to hold it back for good */
  block: (bytes: Buffer, number: number) => Buffer | undefined = (bytes) => bytes;
  /** how many blocks it shows of those there are */
  limit = Number.POSITIVE_INFINITY;
  /** how many proposals to our contracts came */
  proposals = 0;
  /** how often it was asked for its height */
  heights = 0;

  constructor(world: NodeWorld, mspId: string) {
    this.#world = world;
    this.identity = world.peer(mspId);
  }

  /** Signs a payload as an honest peer would. */
  async signed(payload: Buffer, by: NetworkNode = this.identity): Promise<PeerAnswer> {
    const { endorser, signature } = await endorse(by, payload);
    return {
      status: 200,
      message: '',
      payload,
      endorsement: { endorser: Buffer.from(endorser), signature: Buffer.from(signature) },
    };
  }

  async #execute(bytes: Buffer, signature: Buffer): Promise<PeerAnswer> {
    try {
      const { payload } = await executeProposal(this.#world.node.endorser, { bytes, signature });
      return await this.signed(payload);
    } catch (error) {
      if (error instanceof LedgerUnavailable)
        throw new GrpcFault(UNKNOWN, `request unauthorized due to incorrect timestamp: ${error.message}`);
      if (error instanceof Refusal && error.code === 'auth.invalid')
        throw new GrpcFault(UNKNOWN, 'error validating proposal: access denied: channel [delta] creator org [ShanghaiMSP]');
      return { status: 500, message: (error as Error).message, payload: Buffer.from('unsigned') };
    }
  }

  async #rawBlock(number: number): Promise<Buffer | undefined> {
    const { log, state } = this.#world.node.files;
    const place = number < this.limit ? state.block(number) : undefined;
    return place && (await log.read(number, place.offset)).bytes;
  }

  get height(): number {
    return Math.min(this.limit, this.#world.node.committer.head.height);
  }

  async #query(proposal: ReturnType<typeof decodeProposal>): Promise<PeerAnswer> {
    const [name = '', , id = ''] = proposal.args;
    const place = this.#world.node.files.state.transaction(id);
    const known = place && place.block < this.limit ? place : undefined;
    let payload: Buffer;
    if (name === 'GetChainInfo') this.heights += 1;
    if (name === 'GetChainInfo') payload = new MessageWriter().integer(1, this.height).finish();
    else if (name === 'GetBlockByNumber') {
      const bytes = await this.#rawBlock(Number(id));
      const shown = bytes && this.block(bytes, Number(id));
      if (!shown) return { status: 500, message: `no such block number [${id}] in index`, payload: Buffer.from('unsigned') };
      payload = shown;
    } else if (!known)
      return { status: 500, message: `no such transaction ID [${id}] in index`, payload: Buffer.from('unsigned') };
    else {
      const bytes = (await this.#rawBlock(known.block)) as Buffer;
      const filter = new MessageReader(bytes).message(3).all(1)[2];
      payload = name === 'GetBlockByTxID' ? bytes : new MessageWriter().integer(2, filter?.[known.position] ?? 255).finish();
    }
    return this.signed(
      encodeResponsePayload({
        proposalHash: proposalHash(proposal),
        chaincode: { name: 'qscc', version: '' },
        status: 200,
        payload,
        reads: [],
        writes: [],
      }),
    );
  }

  async #propose(request: Buffer): Promise<Buffer> {
    const reader = new MessageReader(request);
    const bytes = reader.bytes(1);
    const proposal = decodeProposal(bytes);
    const { chaincode } = proposal.channel;
    if (chaincode !== 'qscc') this.proposals += 1;
    const honest = () => (chaincode === 'qscc' ? this.#query(proposal) : this.#execute(bytes, reader.bytes(2)));
    return encodeAnswer(await this.answer(honest, chaincode, proposal.args));
  }

  async #deliver(stream: ServerStream): Promise<void> {
    let open = true;
    stream.on('cancelled', () => {
      open = false;
    });
    for await (const request of stream) {
      const info = new MessageReader(new MessageReader(request).bytes(1)).message(2);
      for (let number = info.message(1).message(3).integer(1); open; number += 1) {
        let bytes = await this.#rawBlock(number);
        while (!bytes && open) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          bytes = await this.#rawBlock(number);
        }
        const shown = bytes && this.block(bytes, number);
        if (!shown || !open) break;
        stream.write(new MessageWriter().item(2, shown).finish());
      }
    }
  }

  get methods(): readonly Method[] {
    return [
      { path: '/protos.Endorser/ProcessProposal', unary: (bytes) => this.#propose(bytes) },
      { path: '/protos.Deliver/Deliver', bidi: (stream) => this.#deliver(stream) },
    ];
  }
}
