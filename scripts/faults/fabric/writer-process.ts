/**
 * A province's client in a process of its own, on its own host: `writer-process.js <profile> <province>
 * <history>`. Its registrar enters legal instruments, one after the other, until SIGTERM; then it asks for
 * what is unknown, and ends. What it was told stands in the history.
 */
import { argv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { logTo } from '../history/history.js';
import { instrument } from './acts.js';
import { openClient, registrarOf } from './client.js';

const RESOLVE_MS = 90_000;
const PAUSE_MS = 200;

const [profileFile, province, history] = argv.slice(2) as [string, ProvinceCode, string];
const client = await openClient(province, logTo(history), { profileFile });
const registrar = registrarOf(client, province);
let stopped = false;
process.once('SIGTERM', () => {
  stopped = true;
});
console.log('ready');
while (!stopped) {
  await client.write(instrument(registrar));
  await pause(PAUSE_MS);
}
const open = await client.resolve(RESOLVE_MS);
for (const id of open) console.log(`the outcome of ${id} is still unknown`);
for (const sentence of new Set(client.strange)) console.log(sentence);
await client.close();
