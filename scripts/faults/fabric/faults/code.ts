/** One province runs another code than the four agreed on, under the same name and version, and under their digest or its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { CODE_DIGEST } from '../../../../chaincode/generated/code-digest.js';
import { key } from '../../../../chaincode/state/keys.js';
import { LOOPBACK } from '../../../../network/definition/definition.js';
import { provincePaths } from '../../../../network/definition/network-folder.js';
import { SERVICE_SETTINGS } from '../../../../network/operation/nodes.js';
import { greets } from '../../../../network/operation/serves.js';
import { opening } from '../acts.js';
import { type Api, openApi } from '../api-service.js';
import { until } from '../arena.js';
import { type Agency, type Client, saidOf } from '../client.js';
import type { Drill } from '../drill.js';
import { Endorsed } from '../endorsed.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';

const BUILD = resolve(import.meta.dirname, '../../../..');
/** A place in the compiled build, and what stands there in the other one. */
interface Change {
  readonly file: string;
  readonly constant: string;
  readonly into: string;
}

const OTHER_RULE = { file: 'chaincode/transactions/case/entry.js', constant: "'0'.repeat(64)", into: "'1'.repeat(64)" };
const OTHER_DIGEST = createHash('sha256').update(`${CODE_DIGEST} modified`).digest('hex');
/** It says who it is, and claims the approved package all the same. */
const HONEST_ABOUT_IT: readonly Change[] = [
  { file: 'chaincode/generated/code-digest.js', constant: CODE_DIGEST, into: OTHER_DIGEST },
  {
    file: 'network/chaincode-service/serve.js',
    constant: 'const { id } = chaincodePackage();',
    into: 'const id = settings.packageId;',
  },
];
const ROUNDS = 6;
const INDEX = 3;
const OTHER = 0;

/** A copy of this build in which some constants are others. @returns its service's program */
function modifiedBuild(folder: string, changes: readonly Change[]): string {
  for (const part of ['chaincode', 'network']) cpSync(join(BUILD, part), join(folder, 'dist', part), { recursive: true });
  const packages = dirname(dirname(createRequire(import.meta.url).resolve('fabric-shim/package.json')));
  symlinkSync(packages, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const { file, constant, into } of changes) {
    const path = join(folder, 'dist', file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(constant)) throw new Error(`${file} has no ${constant}: name another constant in this fault`);
    writeFileSync(path, text.replace(constant, into));
  }
  return join(folder, 'dist/network/chaincode-service/main.js');
}

async function startModified(drill: Drill, changes: readonly Change[]): Promise<void> {
  const { arena } = drill;
  const { province, ports } = arena.member(INDEX);
  const folder = join(arena.root, `modified-${Date.now()}`);
  mkdirSync(folder);
  const program = modifiedBuild(folder, changes);
  const { chaincode } = provincePaths(arena.root, province.slug);
  await arena.kill(INDEX, 'chaincode');
  const child = spawn(process.execPath, [program, SERVICE_SETTINGS], { cwd: chaincode, stdio: 'ignore' });
  drill.after(() => ended(child));
  await until('the modified chaincode service listens', () => {
    if (child.exitCode !== null) throw new Error(`the modified chaincode service ended with ${child.exitCode}`);
    return greets({ host: LOOPBACK, port: ports.chaincode });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGKILL');
  });
}

/** Cases are opened by the others' endorsements alone, and three provinces attest them. */
async function othersSuffice(drill: Drill, client: Client): Promise<void> {
  const own = AGENCIES[INDEX] as Agency;
  const { mspId } = drill.arena.member(INDEX).province;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { caseId, ...open } = opening(round % 2 === 0 ? own : (AGENCIES[OTHER] as Agency));
    const told = await client.write(open);
    drill.expect(told.kind === 'ok', `with one province's code modified a case is opened as ${saidOf(told)}`);
    drill.timely([told]);
    if (told.kind !== 'ok') continue;
    const { endorsers = [] } = told;
    drill.expect(endorsers.length >= 3 && !endorsers.includes(mspId), `${caseId} was endorsed by ${endorsers.join(', ')}`);
    const signer = await client.fabric.wallet.signer(own);
    const signed = await client.fabric.ledger.attest({ signer, function: 'ledger:ReadRecord', argument: key('case', caseId) }, 3);
    drill.expect(signed.length === 3, 'three provinces do not attest the case');
  }
}

async function modified(drill: Drill): Promise<void> {
  const { mspId, code } = drill.arena.member(INDEX).province;
  await startModified(drill, [OTHER_RULE]);
  const endorsed = new Endorsed();
  const home = drill.arena.member(OTHER).province.code;
  const detours = {
    [code]: { peer: await endorsed.before(drill, INDEX) },
    [home]: { peer: await endorsed.before(drill, OTHER) },
  };
  await othersSuffice(drill, await drill.open({ detours }));
  const differing = endorsed.differing(INDEX, OTHER);
  const wrong = '1'.repeat(64);
  const lies = differing.filter(([own, other]) => own.includes(wrong) && !other.includes(wrong));
  drill.expect(lies.length > 0, `the modified code of ${mspId} never endorsed anything else than the others`);
  drill.figures.push(`${lies.length} proposals endorsed otherwise by ${mspId}`);
  await drill.arena.settled();
  const cases = drill.arena
    .views()[0]
    ?.blocks.flatMap(({ transactions }) => transactions.filter(({ function: name }) => name === 'case:OpenCase').slice(-1));
  drill.expect((cases?.length ?? 0) > 0, 'no case is on the ledger');
  drill.expect(!JSON.stringify(cases).includes(wrong), 'what the modified code wrote is on the ledger');
}

interface LedgerSaid {
  readonly code: string;
  readonly provinces: readonly { readonly mspId: string; readonly codeDigest?: string }[];
}

/** What the API of another province tells the public of the four provinces' code. */
async function codeSaid(api: Api): Promise<string> {
  const { code, provinces } = JSON.parse((await api.get('/v1/ledger')).text) as LedgerSaid;
  return [code, ...provinces.map(({ mspId, codeDigest }) => `${mspId} ${codeDigest}`)].join(', ');
}

async function otherDigest(drill: Drill): Promise<void> {
  const { mspId: other } = drill.arena.member(INDEX).province;
  const digests = drill.arena.definition.members.map(({ province: { mspId } }) => `${mspId} ${CODE_DIGEST}`);
  const same = ['same', ...digests].join(', ');
  const different = ['different', ...digests].join(', ').replace(`${other} ${CODE_DIGEST}`, `${other} ${OTHER_DIGEST}`);
  const api = await openApi(drill, '310000');
  await until('/v1/ledger says that four provinces run the same code', async () => (await codeSaid(api)) === same);
  await startModified(drill, [OTHER_RULE, ...HONEST_ABOUT_IT]);
  await until('/v1/ledger says which province runs other code', async () => (await codeSaid(api)) === different);
  await othersSuffice(drill, await drill.open());
}

export const CODE_FAULTS: Readonly<Record<string, FabricFault>> = {
  'modified-chaincode': { what: "one province's chaincode is another build with a changed constant", run: modified },
  'other-code-digest': { what: "one province's chaincode says itself that it is another build", run: otherDigest },
};
