/** Notes what each of several peers endorses, and passes all of it on as it is. */
import { decodeResponsePayload } from '../../../network/format/response.js';
import { MessageReader } from '../../../network/format/wire.js';
import type { Drill } from './drill.js';
import type { Answering } from './grpc-proxy.js';
import { impostor, PROCESS_PROPOSAL } from './impostor.js';

/** What a peer would write: keys with their values, and the answer, as text. */
function resultOf(response: Buffer): string | undefined {
  const said = new MessageReader(response);
  const signed = said.optional(5);
  if (!signed || !said.optional(6)) return undefined;
  const { status, payload, writes } = decodeResponsePayload(signed);
  const text = writes.map(({ key, value }) => [key, value && Buffer.from(value).toString('utf8')]);
  return JSON.stringify({ status, answer: Buffer.from(payload).toString('utf8'), writes: text });
}

export class Endorsed {
  /** proposal → province → result */
  readonly #results = new Map<string, Map<number, string>>();

  #noting(index: number): Answering {
    return async (message, forward) => {
      const response = await forward(message);
      const result = resultOf(response);
      const proposal = message.toString('base64');
      const known = this.#results.get(proposal) ?? new Map<number, string>();
      if (result !== undefined) this.#results.set(proposal, known.set(index, result));
      return response;
    };
  }

  /** A proxy before this province's peer for as long as the drill runs. @returns its port */
  async before(drill: Drill, index: number): Promise<number> {
    const proxy = await impostor(drill.arena, index, 'peer', { [PROCESS_PROPOSAL]: this.#noting(index) });
    drill.after(() => proxy.close());
    return proxy.port;
  }

  /** What two provinces' peers made of the very same proposals, for those where it differs. */
  differing(one: number, other: number): (readonly [string, string])[] {
    return [...this.#results.values()].flatMap((results) => {
      const [left, right] = [results.get(one), results.get(other)];
      return left !== undefined && right !== undefined && left !== right ? [[left, right] as const] : [];
    });
  }
}
