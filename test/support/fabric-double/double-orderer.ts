/** An orderer's broadcast service; what four of them take is ordered once by the embedded ledger's committer. */
import { decodeEnvelope } from '../../../network/format/envelope.js';
import { MessageReader, MessageWriter } from '../../../network/format/wire.js';
import type { NodeWorld } from '../node-world.js';
import type { Method } from './grpc-server.js';

const STATUS = { SUCCESS: 200, BAD_REQUEST: 400, FORBIDDEN: 403, SERVICE_UNAVAILABLE: 503 } as const;

export interface OrdererWord {
  readonly status: keyof typeof STATUS;
  readonly info?: string;
}

/** What the four orderers agree on: an envelope is ordered when so many have it. */
export class Ordering {
  readonly #world: NodeWorld;
  readonly #votes = new Map<string, Set<object>>();
  readonly #ordered = new Set<string>();
  /** every envelope that an orderer was sent, as hexadecimal bytes */
  readonly sent: string[] = [];
  quorum = 3;
  /** what happens before an envelope is ordered */
  before: () => Promise<unknown> = async () => undefined;

  constructor(world: NodeWorld) {
    this.#world = world;
  }

  take(orderer: object, envelope: Buffer): OrdererWord {
    const id = decodeEnvelope(envelope).channel.transactionId;
    if (this.#ordered.has(id)) return { status: 'SERVICE_UNAVAILABLE', info: 'request already processed' };
    const votes = this.#votes.get(id) ?? new Set();
    this.#votes.set(id, votes);
    if (votes.has(orderer)) return { status: 'SERVICE_UNAVAILABLE', info: 'request already exists' };
    votes.add(orderer);
    if (votes.size >= this.quorum) {
      this.#ordered.add(id);
      this.before()
        .then(() => this.#world.node.committer.broadcast(envelope))
        .catch(() => undefined);
    }
    return { status: 'SUCCESS' };
  }
}

export class DoubleOrderer {
  readonly #ordering: Ordering;
  /** what it does with an envelope; calling the argument takes it honestly */
  take: (honest: () => OrdererWord) => Promise<OrdererWord> = async (honest) => honest();

  constructor(ordering: Ordering) {
    this.#ordering = ordering;
  }

  get methods(): readonly Method[] {
    return [
      {
        path: '/orderer.AtomicBroadcast/Broadcast',
        bidi: async (stream) => {
          for await (const request of stream) {
            const reader = new MessageReader(request);
            const envelope = new MessageWriter().bytes(1, reader.bytes(1)).bytes(2, reader.bytes(2)).finish();
            this.#ordering.sent.push(envelope.toString('hex'));
            const { status, info = '' } = await this.take(() => this.#ordering.take(this, envelope));
            stream.write(new MessageWriter().integer(1, STATUS[status]).text(2, info).finish());
            // As Fabric's does: what came behind it is never looked at.
            if (status !== 'SUCCESS') break;
          }
          stream.end();
        },
      },
    ];
  }
}
