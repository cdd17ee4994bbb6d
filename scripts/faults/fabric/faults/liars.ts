/** An orderer that acknowledges and drops, and a peer that signs old or invented state with its real key. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { key } from '../../../../chaincode/state/keys.js';
import { MessageReader, MessageWriter } from '../../../../network/format/wire.js';
import { SigningKey } from '../../../../network/identity/key.js';
import { certificate, offer, opening } from '../acts.js';
import type { Arena } from '../arena.js';
import { type Agency, type Client, saidOf } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import type { Answering } from '../grpc-proxy.js';
import { BROADCAST, impostor, PROCESS_PROPOSAL } from '../impostor.js';
import { AGENCIES } from '../stage.js';

const ROUNDS = 10;

/** `BroadcastResponse { status: SUCCESS }` */
const SUCCESS = new MessageWriter().integer(1, 200).finish();

async function droppingOrderer(drill: Drill): Promise<void> {
  const leader = (await drill.arena.leader()) ?? 0;
  let dropped = 0;
  const drop: Answering = async () => {
    dropped += 1;
    return SUCCESS;
  };
  const proxy = await impostor(drill.arena, leader, 'orderer', { [BROADCAST]: drop });
  drill.after(() => proxy.close());
  const client = await drill.open({ detours: { [drill.arena.member(leader).province.code]: { orderer: proxy.port } } });
  const workload = await drill.work(client);
  drill.recovered(await drill.recovery(client));
  await workload.stop();
  drill.timely(workload.told);
  drill.expect(dropped > 0, 'the orderer was never asked');
  drill.expect(!workload.told.some(({ kind }) => kind === 'unknown'), 'outcomes became unknown though three orderers are honest');
  drill.figures.push(`${dropped} envelopes acknowledged and dropped`);
}

interface Lie {
  /** what stands in `ChaincodeAction` */
  readonly action: Buffer;
  readonly response: Buffer;
}

/** Another answer under the proposal's own hash, signed as the peer signs. */
async function signedLie(honest: Buffer, lie: Lie, signing: SigningKey): Promise<Buffer> {
  const told = new MessageReader(honest);
  const endorser = told.message(6).bytes(1);
  const hash = new MessageReader(told.bytes(5)).bytes(1);
  const payload = new MessageWriter().bytes(1, hash).item(2, lie.action).finish();
  const signature = await signing.sign(Buffer.concat([payload, endorser]));
  return new MessageWriter()
    .integer(1, told.integer(1))
    .item(4, lie.response)
    .bytes(5, payload)
    .message(6, new MessageWriter().bytes(1, endorser).bytes(2, signature))
    .finish();
}

function actionOf(honest: Buffer): Lie | undefined {
  const told = new MessageReader(honest);
  const payload = told.optional(5);
  const response = told.optional(4);
  if (!payload || !response || new MessageReader(response).integer(1) !== 200) return undefined;
  return { action: Buffer.from(new MessageReader(payload).bytes(2)), response: Buffer.from(response) };
}

/** The same with the contract's answer exchanged for one of the same shape. */
function invented({ action }: Lie): Lie {
  const parts = new MessageReader(action);
  const own = parts.message(3);
  const answer = Buffer.from(own.bytes(3)).toString('utf8').replaceAll('active', 'inactive').replaceAll('故障', '伪造');
  const response = new MessageWriter().integer(1, own.integer(1)).bytes(3, Buffer.from(answer));
  const lie = new MessageWriter().item(1, parts.bytes(1)).message(3, response).item(4, parts.bytes(4)).finish();
  return { action: lie, response: response.finish() };
}

/** The first answer to each question, for ever; a question is a signed proposal without its hash of the day. */
function oldAnswers(): (question: string, now: Lie) => Lie {
  const first = new Map<string, Lie>();
  return (question, now) => {
    const known = first.get(question);
    if (!known) first.set(question, now);
    return known ?? now;
  };
}

/** `SignedProposal` → `Proposal` → `ChaincodeProposalPayload.input` */
function questionOf(message: Buffer): string {
  const payload = new MessageReader(message).message(1).bytes(2);
  return Buffer.from(new MessageReader(payload).bytes(1)).toString('base64');
}

function signingKeyOf(arena: Arena, index: number): SigningKey {
  return new SigningKey(readFileSync(join(arena.peerFolder(index), 'msp/keystore/key.pem'), 'utf8'));
}

async function lyingPeer(drill: Drill, index: number, change: (question: string, honest: Lie) => Lie): Promise<Client> {
  const signing = signingKeyOf(drill.arena, index);
  const lie: Answering = async (message, forward) => {
    const honest = await forward(message);
    const action = actionOf(honest);
    return action ? signedLie(honest, change(questionOf(message), action), signing) : honest;
  };
  const proxy = await impostor(drill.arena, index, 'peer', { [PROCESS_PROPOSAL]: lie });
  drill.after(() => proxy.close());
  return drill.open({ detours: { [drill.arena.member(index).province.code]: { peer: proxy.port } } });
}

/** Writes go on by the three others; what several provinces sign is the truth, or the disagreement is told. */
async function liesExposed(drill: Drill, client: Client, liar: string): Promise<void> {
  const [agency] = AGENCIES as readonly [Agency];
  for (let round = 0; round < ROUNDS; round += 1) {
    const told = await client.write(certificate(agency));
    drill.expect(told.kind === 'ok', `with one lying peer a write ends as ${saidOf(told)}`);
  }
  const signer = await client.fabric.wallet.signer(agency);
  const question = { signer, function: 'ledger:ReadRecord', argument: key('agency', agency.agencyId) };
  const three = await client.fabric.ledger.attest(question, 3);
  drill.expect(!three.some(({ mspId }) => mspId === liar), 'the lie stands among three equal answers');
  const four = await client.fabric.ledger.attest(question, 4).then(
    () => 'agreed',
    (error: Error) => `${error.name}: ${error.message}`,
  );
  drill.expect(/^ProvincesDisagree/.test(four) && four.includes(liar), `four answers, one a lie: ${four.slice(0, 200)}`);
}

async function inventing(drill: Drill, index: number): Promise<void> {
  const client = await lyingPeer(drill, index, (_, honest) => invented(honest));
  await liesExposed(drill, client, drill.arena.member(index).province.mspId);
}

async function remembering(drill: Drill): Promise<void> {
  const old = oldAnswers();
  const client = await lyingPeer(drill, 1, old);
  const [agency] = AGENCIES as readonly [Agency];
  const { caseId, ...open } = opening(agency);
  drill.expect((await client.write(open)).kind === 'ok', 'a case is not opened');
  const signer = await client.fabric.wallet.signer(agency);
  const question = { signer, function: 'ledger:ReadRecord', argument: key('case', caseId) };
  const before = await client.fabric.ledger.attest(question, 4);
  const offered = await client.write(offer(agency, AGENCIES[1] as Agency, caseId));
  drill.expect(offered.kind === 'ok', `with one old peer a write ends as ${saidOf(offered)}`);
  const liar = drill.arena.member(1).province.mspId;
  const after = await client.fabric.ledger.attest(question, 3);
  drill.expect(!after.some(({ mspId }) => mspId === liar), 'the old answer stands among three equal ones');
  const same = Buffer.compare(before[0]?.payload ?? Buffer.alloc(0), after[0]?.payload ?? Buffer.alloc(0)) === 0;
  drill.expect(!same, 'three provinces answer as before the write');
  const four = await client.fabric.ledger.attest(question, 4).then(
    () => 'agreed',
    (error: Error) => `${error.name}: ${error.message}`,
  );
  drill.expect(/^ProvincesDisagree/.test(four) && four.includes(liar), `four answers, one old: ${four.slice(0, 200)}`);
}

export const LIARS: Readonly<Record<string, FabricFault>> = {
  'dropping-orderer': { what: 'the leading orderer acknowledges what clients send and drops it', run: droppingOrderer },
  'inventing-peer': { what: 'a peer signs invented state', run: (drill) => inventing(drill, 1) },
  'inventing-home-peer': { what: "the client's own province's peer signs invented state", run: (drill) => inventing(drill, 0) },
  'remembering-peer': { what: 'a peer signs old state', run: remembering },
};
