/**
 * Sends an envelope to every orderer at once. One alone may hold it back for its forwarding time, or for
 * ever; and while one is away nobody waits for it.
 */
import { BroadcastStream, NoAnswer } from './broadcast-stream.js';
import type { Node } from './node.js';
import { isConnectionFault, type SdkCommitter } from './sdk.js';
import type { Log } from './sdk-log.js';

/** How long an orderer may take to say whether it takes an envelope. */
export const BROADCAST_MS = 5000;

export type OrdererNode = Node<SdkCommitter>;

export interface Tally {
  /** orderers that have it */
  readonly accepted: number;
  /** orderers that will never take these bytes: the creator's certificate ran out or was revoked, say */
  readonly rejected: number;
  /** orderers to which nothing was sent */
  readonly unsent: number;
  /** what the others said, for messages */
  readonly complaints: readonly string[];
}

type Word = { readonly kind: 'accepted' | 'rejected' | 'unsent' | 'unclear'; readonly text: string };

/** SmartBFT says these when it has the request in its pool, or had it in a block. */
const HAS_IT = ['request already exists', 'request already processed'];
const NEVER = ['FORBIDDEN', 'BAD_REQUEST', 'REQUEST_ENTITY_TOO_LARGE'];

const streams = new WeakMap<OrdererNode, BroadcastStream>();

function streamTo(orderer: OrdererNode): BroadcastStream {
  let stream = streams.get(orderer);
  if (!stream) {
    stream = new BroadcastStream(orderer.endpoint);
    streams.set(orderer, stream);
  }
  return stream;
}

async function sendTo(orderer: OrdererNode, envelope: Uint8Array, timeoutMs: number, log: Log): Promise<Word> {
  if (!orderer.isUp) return { kind: 'unsent', text: `${orderer.name} is away` };
  const { service } = orderer.endpoint;
  try {
    const answer = await streamTo(orderer).send(envelope, timeoutMs, BROADCAST_MS);
    const text = `${orderer.name}: ${answer.status} ${answer.info}`.trim();
    if (answer.status === 'SUCCESS' || HAS_IT.some((words) => answer.info.includes(words))) return { kind: 'accepted', text };
    log(`an envelope was not taken by ${text}`);
    return { kind: NEVER.includes(answer.status) ? 'rejected' : 'unclear', text };
  } catch (error) {
    if (error instanceof NoAnswer) orderer.wasSilent();
    if (isConnectionFault(error)) orderer.wasBroken(service);
    return { kind: 'unclear', text: `${orderer.name}: ${(error as Error).message}` };
  }
}

/**
 * @param enough so many acknowledgements end the wait
 * @returns what is known when enough have it, or all have answered or had their time
 */
export function broadcast(
  orderers: readonly OrdererNode[],
  envelope: Uint8Array,
  enough: number,
  timeoutMs: number,
  log: Log,
): Promise<Tally> {
  return new Promise((resolve) => {
    const words: Word[] = [];
    const count = (kind: Word['kind']) => words.filter((word) => word.kind === kind).length;
    for (const orderer of orderers)
      sendTo(orderer, envelope, Math.max(1, timeoutMs), log).then((word) => {
        words.push(word);
        if (count('accepted') < enough && words.length < orderers.length) return;
        const complaints = words.filter(({ kind }) => kind !== 'accepted').map(({ text }) => text);
        resolve({ accepted: count('accepted'), rejected: count('rejected'), unsent: count('unsent'), complaints });
      });
  });
}
