/** What stands between an API and the network, and stops a write at a step of its life. */
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { type Arena, type Detours, until } from '../arena.js';
import type { Drill } from '../drill.js';
import type { Answering } from '../grpc-proxy.js';
import { BROADCAST, impostor } from '../impostor.js';
import { startProxy, type TcpProxy } from '../tcp-proxy.js';

/** Where the process is when it is killed. */
export type Step = 'endorsed' | 'submitted' | 'committed';

/** Stands between the API and all nodes, and tells when a write has come to a step. */
class Gate {
  #step: Step | undefined;
  #submitted = 0;
  #reached: () => void = () => undefined;
  #height = 0;
  readonly peers: TcpProxy[] = [];
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** From now on the next write stops there. @returns when it has come there */
  async at(step: Step | undefined): Promise<{ readonly reached: Promise<void> }> {
    this.#height = Math.max(...(await this.#arena.heights()).map((height) => height ?? 0));
    this.#submitted = 0;
    this.#step = step;
    for (const peer of this.peers) peer.set({});
    return {
      reached: new Promise((resolve) => {
        this.#reached = resolve;
      }),
    };
  }

  readonly answer: Answering = async (message, forward) => {
    if (this.#step === undefined) return forward(message);
    if (this.#step === 'endorsed') return this.#stopHere();
    // What the peers tell from now on does not arrive.
    if (this.#step === 'committed') for (const peer of this.peers) peer.set({ blackHole: true });
    const answer = await forward(message);
    this.#submitted += 1;
    if (this.#step === 'submitted') return this.#submitted >= 3 ? this.#stopHere() : new Promise(() => undefined);
    await until('the write is committed', async () =>
      (await this.#arena.heights()).every((height) => (height ?? 0) > this.#height),
    );
    this.#reached();
    return answer;
  };

  #stopHere(): Promise<never> {
    this.#reached();
    return new Promise(() => undefined);
  }
}

export async function gated(drill: Drill): Promise<{ readonly gate: Gate; readonly detours: Detours }> {
  const gate = new Gate(drill.arena);
  const detours: Record<string, { peer: number; orderer: number }> = {};
  for (const [index, { code }] of PROVINCES.entries()) {
    const orderer = await impostor(drill.arena, index, 'orderer', { [BROADCAST]: gate.answer });
    const peer = await startProxy({ host: '127.0.0.1', port: drill.arena.member(index).ports.peer });
    gate.peers.push(peer);
    drill.after(() => Promise.all([orderer.close(), peer.close()]));
    detours[code] = { peer: peer.port, orderer: orderer.port };
  }
  return { gate, detours };
}
