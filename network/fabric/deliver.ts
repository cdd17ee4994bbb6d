/** A peer's stream of full blocks as bytes: its deliver service, asked directly and decoded by us. */
import { randomBytes } from 'node:crypto';
import { CHANNEL } from '../channel.js';
import { encodeEnvelope } from '../format/envelope.js';
import { encodeIdentity } from '../format/identity.js';
import { decodeDelivery, encodeSeekPayload } from '../format/seek.js';
import type { Signer } from '../identity/signer.js';
import { betweenCalls, type GrpcStream, type SdkEventer } from './sdk.js';

const METHOD = '/protos.Deliver/Deliver';

export interface DeliverDeps {
  /** who asks; a member of the channel */
  readonly reader: () => Promise<Signer>;
  readonly clock: () => number;
}

async function seekEnvelope({ reader, clock }: DeliverDeps, from: number): Promise<Buffer> {
  const signer = await reader();
  const creator = encodeIdentity(signer);
  const payload = encodeSeekPayload({ channel: CHANNEL, timestamp: clock(), creator, nonce: randomBytes(24), from });
  return encodeEnvelope(payload, await signer.sign(payload));
}

function openStream(eventer: SdkEventer): GrpcStream {
  if (!eventer.service) throw new Error(`${eventer.name} is not connected`);
  const asIs = (bytes: Uint8Array) => Buffer.from(bytes);
  const stream = eventer.service.makeBidiStreamRequest(METHOD, asIs, asIs);
  // The error comes out of the iteration as well; without a listener it would end the process.
  stream.on('error', () => undefined);
  return stream;
}

/**
 * Blocks from a number on, until the signal aborts. The stream is read no faster than it is consumed.
 * @throws Error when the connection or the peer ends it
 */
export async function* deliverBlocks(
  deps: DeliverDeps,
  eventer: SdkEventer,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  await betweenCalls();
  await eventer.resetConnection();
  let stream: GrpcStream | undefined;
  const cancel = () => stream?.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    stream = openStream(eventer);
    stream.write(await seekEnvelope(deps, from));
    if (signal.aborted) return;
    for await (const bytes of stream) {
      const delivery = decodeDelivery(bytes);
      if (delivery.kind === 'status') throw new Error(`${eventer.name} ends the stream of blocks with status ${delivery.status}`);
      yield delivery.block;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
    await betweenCalls();
    eventer.disconnect();
  }
}
