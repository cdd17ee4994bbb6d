/**
 * A link between two programs that can be slow, lose connections, swallow everything or end in the middle of
 * a message. TLS goes through it untouched.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export interface LinkFault {
  /** milliseconds that every chunk is late, each way */
  readonly delay?: number;
  /** probability with which a new connection, or a chunk on an old one, cuts the connection */
  readonly cut?: number;
  /** takes connections and bytes, and passes nothing on */
  readonly blackHole?: boolean;
  /** so many bytes a connection, both ways together; then it is cut */
  readonly bytes?: number;
}

export interface LinkCounts {
  /** connections */
  readonly taken: number;
  /** connections */
  readonly cut: number;
  /** chunks that were late */
  readonly delayed: number;
  /** chunks that went nowhere */
  readonly swallowed: number;
}

export interface TcpProxy {
  readonly port: number;
  /** from now on, for open connections as well */
  set(fault: LinkFault): void;
  /** connections taken so far, and what its faults did */
  counts(): LinkCounts;
  close(): Promise<void>;
}

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** Chunks on their way to one end: each as late as the link was when it came, and none overtakes another when the link gets faster. */
class Lane {
  readonly #to: Socket;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting: { readonly due: number; readonly chunk: Buffer }[] = [];

  constructor(to: Socket) {
    this.#to = to;
  }

  send(chunk: Buffer, delay: number): void {
    this.#waiting.push({ due: performance.now() + delay, chunk });
    this.#flush();
  }

  #flush(): void {
    for (let [next] = this.#waiting; next && next.due <= performance.now(); [next] = this.#waiting) {
      this.#waiting.shift();
      if (this.#to.writable) this.#to.write(next.chunk);
    }
    const [next] = this.#waiting;
    if (!next || this.#timer) return;
    const wait = Math.max(0, next.due - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }
}

class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #proxy: Links;
  #passed = 0;

  constructor(proxy: Links, client: Socket, target: ProxyTarget) {
    this.#proxy = proxy;
    this.#client = client;
    this.#server = createConnection(target);
    for (const [from, to] of [
      [client, this.#server],
      [this.#server, client],
    ] as const) {
      const lane = new Lane(to);
      from.on('data', (chunk) => this.#pass(chunk, lane));
      from.on('error', () => this.cut());
      from.on('close', () => this.#later(() => this.cut()));
    }
  }

  #later(work: () => void): void {
    setTimeout(work, this.#proxy.fault.delay ?? 0);
  }

  #pass(chunk: Buffer, lane: Lane): void {
    const { fault, random } = this.#proxy;
    if (fault.blackHole) {
      this.#proxy.swallowed += 1;
      return;
    }
    this.#passed += chunk.length;
    if (random() < (fault.cut ?? 0) || this.#passed > (fault.bytes ?? Number.POSITIVE_INFINITY)) {
      this.#proxy.cuts += 1;
      this.cut();
      return;
    }
    if (fault.delay) this.#proxy.delayed += 1;
    lane.send(chunk, fault.delay ?? 0);
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
    this.#proxy.open.delete(this);
  }
}

class Links {
  fault: LinkFault = {};
  taken = 0;
  cuts = 0;
  delayed = 0;
  swallowed = 0;
  readonly open = new Set<Link>();
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** @param port where to listen; any that is free without */
export async function startProxy(target: ProxyTarget, random: () => number = Math.random, port = 0): Promise<TcpProxy> {
  const proxy = new Links(random);
  const server = createServer((client) => {
    proxy.taken += 1;
    proxy.open.add(new Link(proxy, client, target));
  });
  return {
    port: await listening(server, port),
    set: (fault) => {
      proxy.fault = fault;
    },
    counts: () => ({ taken: proxy.taken, cut: proxy.cuts, delayed: proxy.delayed, swallowed: proxy.swallowed }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of proxy.open) link.cut();
      }),
  };
}
