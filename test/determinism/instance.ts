/**
 * A process that runs the corpus, as a peer of its own would: `node instance.js CORPUS RESULTS`. The first
 * line of the results says what this process makes of clock, zone and locale; then a line a transaction.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createDispatcher } from '../../network/embedded/dispatcher.js';
import { type Simulation, simulate, type VersionedValue } from '../../network/embedded/simulation.js';
import type { Corpus } from './corpus.js';

const [corpusFile = '', resultsFile = ''] = process.argv.slice(2);
const corpus = JSON.parse(readFileSync(corpusFile, 'utf8')) as Corpus;
const out = createWriteStream(resultsFile);
const line = (value: unknown) => out.write(`${JSON.stringify(value)}\n`);
const utf8 = (value: Uint8Array | undefined) => (value === undefined ? null : Buffer.from(value).toString('utf8'));

line({
  today: new Date().toISOString().slice(0, 10),
  noon: new Date(43_200_000).toString(),
  number: (1234.5).toLocaleString(),
  drawn: Math.random(),
});

function results(fn: string | undefined, { status, message, payload, reads, writes }: Simulation) {
  return { fn, status, message, payload: utf8(payload), reads, writes: writes.map(({ key, value }) => [key, utf8(value)]) };
}

const dispatcher = await createDispatcher();
const version = { block: 0, position: 0 };
for (const { fromNothing, proposals } of corpus.histories) {
  const prepared = fromNothing ? [] : corpus.prepared;
  const state = new Map<string, VersionedValue>(
    prepared.map(([key, value]) => [key, { value: Buffer.from(value, 'base64'), version }]),
  );
  for (const [index, proposal] of proposals.entries()) {
    const simulation = await simulate(dispatcher, state, proposal);
    line(results(proposal.args[0], simulation));
    if (simulation.status !== 200) continue;
    for (const { key, value } of simulation.writes)
      if (value) state.set(key, { value, version: { block: index + 1, position: 0 } });
  }
}
out.end();
await finished(out);
