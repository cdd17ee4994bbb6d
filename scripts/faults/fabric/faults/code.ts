/** One province runs another code than the four agreed on, under the same name, version and digest. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { key } from '../../../../chaincode/state/keys.js';
import { LOOPBACK } from '../../../../network/definition/definition.js';
import { provincePaths } from '../../../../network/definition/network-folder.js';
import { SERVICE_SETTINGS } from '../../../../network/operation/nodes.js';
import { greets } from '../../../../network/operation/serves.js';
import { opening } from '../acts.js';
import { type Arena, until } from '../arena.js';
import { type Agency, saidOf } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';

const BUILD = resolve(import.meta.dirname, '../../../..');
const CHANGED = { file: 'chaincode/transactions/case/entry.js', constant: "'0'.repeat(64)", into: "'1'.repeat(64)" };
const ROUNDS = 6;

/** A copy of this build in which the first entry of a case follows another hash. @returns its service's program */
function modifiedBuild(folder: string): string {
  for (const part of ['chaincode', 'network']) cpSync(join(BUILD, part), join(folder, 'dist', part), { recursive: true });
  const packages = dirname(dirname(createRequire(import.meta.url).resolve('fabric-shim/package.json')));
  symlinkSync(packages, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const file = join(folder, 'dist', CHANGED.file);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(CHANGED.constant))
    throw new Error(`${CHANGED.file} has no ${CHANGED.constant}: name another constant in this fault`);
  writeFileSync(file, text.replace(CHANGED.constant, CHANGED.into));
  return join(folder, 'dist/network/chaincode-service/main.js');
}

async function startModified(arena: Arena, index: number): Promise<ChildProcess> {
  const { province, ports } = arena.member(index);
  const folder = join(arena.root, `modified-${Date.now()}`);
  mkdirSync(folder);
  const program = modifiedBuild(folder);
  const { chaincode } = provincePaths(arena.root, province.slug);
  await arena.kill(index, 'chaincode');
  const child = spawn(process.execPath, [program, SERVICE_SETTINGS], { cwd: chaincode, stdio: 'ignore' });
  await until('the modified chaincode service listens', () => greets({ host: LOOPBACK, port: ports.chaincode }));
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGKILL');
  });
}

async function modified(drill: Drill): Promise<void> {
  const index = 3;
  const own = AGENCIES[index] as Agency;
  const { mspId } = drill.arena.member(index).province;
  const child = await startModified(drill.arena, index);
  drill.after(() => ended(child));
  const client = await drill.open();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { caseId, ...open } = opening(round % 2 === 0 ? own : (AGENCIES[0] as Agency));
    const told = await client.write(open);
    drill.expect(told.kind === 'ok', `with one province's code modified a case is opened as ${saidOf(told)}`);
    drill.timely([told]);
    if (told.kind !== 'ok') continue;
    const signer = await client.fabric.wallet.signer(own);
    const signed = await client.fabric.ledger.attest({ signer, function: 'ledger:ReadRecord', argument: key('case', caseId) }, 3);
    drill.expect(signed.length === 3, 'three provinces do not attest the case');
  }
  await drill.arena.settled();
  const cases = drill.arena
    .views()[0]
    ?.blocks.flatMap(({ transactions }) => transactions.filter(({ function: name }) => name === 'case:OpenCase').slice(-1));
  drill.expect((cases?.length ?? 0) > 0, `no case is on the ledger of ${mspId}`);
  const all = JSON.stringify(cases);
  drill.expect(!all.includes('1'.repeat(64)), 'what the modified code wrote is on the ledger');
}

export const CODE_FAULTS: Readonly<Record<string, FabricFault>> = {
  'modified-chaincode': { what: "one province's chaincode is another build with a changed constant", run: modified },
};
