/** Tells on standard error how far an audit is: on a terminal in one line, else now and then. */
import type { Companion } from '../../network/audit/audit-chain.js';

const TERMINAL_MS = 200;
const ELSEWHERE_MS = 5000;

export function progressLine(size: () => number | undefined, stream: NodeJS.WriteStream = process.stderr): Companion {
  const began = performance.now();
  let told = began;
  const every = stream.isTTY ? TERMINAL_MS : ELSEWHERE_MS;
  return {
    afterBlock(_block, { height, transactions }, _state, { read }) {
      const now = performance.now();
      if (now - told < every) return;
      told = now;
      const of = size();
      const share = of ? `${Math.floor((100 * read) / of)} %, ` : '';
      const rate = Math.round(transactions / ((now - began) / 1000));
      const line = `audit: ${share}${height} blocks, ${transactions} transactions, ${rate} a second`;
      stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    atEnd() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}
