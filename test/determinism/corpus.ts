/** The transactions that are run again elsewhere: whole histories, so that every function and refusal is among them. */
import fc from 'fast-check';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import type { LeafProof } from '../../chaincode/transactions/certificate/leaf-proof.js';
import type { Proposal, VersionedValue } from '../../network/embedded/simulation.js';
import { FAR_RUNS, FAR_SEED, histories } from '../model/commands.js';
import { HistoryLedger } from '../model/ledger.js';
import type { Prepared } from '../model/prepared.js';
import type { Model } from '../model/state.js';
import type { History } from '../model/step.js';
import { canonical } from '../support/case-world.js';
import { sha256 } from '../support/digests.js';

/** As it travels to another process: values in base64. */
export interface Corpus {
  readonly prepared: readonly (readonly [key: string, value: string])[];
  /** each from the prepared state on, but for the founding, which starts from nothing */
  readonly histories: readonly { readonly fromNothing: boolean; readonly proposals: readonly Proposal[] }[];
}

const UNKNOWN = sha256('nobody has this document');

/** The queries, asked about a record that is there and one that is not. */
function queries(sample: Proposal, state: ReadonlyMap<string, VersionedValue>): Proposal[] {
  const [present = ''] = state.keys();
  return [
    ['ledger:ReadRecord', present],
    ['ledger:ReadRecord', 'case~31-nowhere'],
    ['ledger:ReadRecord', 'no such key'],
    ['ledger:GetCodeInfo'],
  ].map((args) => ({ ...sample, args }));
}

/** The status of a certificate: as of now and known long ago; of another digest; by its proof, where it is a leaf. */
function certificateQuestions(ledger: HistoryLedger, model: Model): object[] {
  const keyed = [...ledger.state.keys()].filter((key) => /^certificate~[^~]+$/.test(key));
  const known = keyed.flatMap((key) => ledger.read<CertificateRecord>(key) ?? []);
  const leaves = [...model.leaves.values()].map(({ proof }) => proof as LeafProof);
  return [
    ...known.flatMap(({ certificateId, digests: [first], issuedAt }) => {
      const digest = first && { alg: first.alg, value: first.value };
      const asOf = '2026-11-02T00:00:00Z';
      return [
        { certificateId, digest },
        { certificateId, digest, asOf, knownAt: issuedAt },
        { certificateId, digest: UNKNOWN },
      ];
    }),
    ...leaves.flatMap((proof) => {
      const { certificateId, digests } = proof.leaf;
      const digest = { alg: digests[0]?.alg, value: digests[0]?.value };
      return [
        { certificateId, digest, proof },
        { certificateId, digest, proof: { ...proof, size: proof.size + 1 } },
      ];
    }),
  ];
}

/** What peers are asked to sign for receipts of a history: every certificate, and everything that was written. */
function attestations(ledger: HistoryLedger, model: Model, written: readonly string[]): Proposal[] {
  const sample = ledger.proposals.at(-1);
  if (!sample) return [];
  return [
    ...certificateQuestions(ledger, model).map((question) => ['ledger:AttestCertificate', canonical(question)]),
    ...[{ keys: [...written.slice(-99), 'case~31-nowhere'] }, { keys: ['no such key'] }, { keys: [] }].map((question) => [
      'ledger:AttestRecords',
      canonical(question),
    ]),
  ].map((args) => ({ ...sample, args }));
}

function founding(prepared: Prepared): Proposal[] {
  const ledger = new HistoryLedger(prepared.dispatcher, prepared.state);
  return prepared
    .model()
    .actors('registrar')
    .map((actor, index) => {
      const call = { actor, input: {}, time: Date.parse('2026-11-02T00:00:00Z'), transactionId: String(index).repeat(64) };
      return ledger.proposal('registry:FoundRegistrar', call, `founding-of-ledger-${index}`);
    });
}

/** Keeps a history when in it a function is accepted, a function is refused, or a code is given for the first time. */
export async function collectCorpus(prepared: Prepared): Promise<Corpus> {
  const covered = new Set<string>();
  const kept: { fromNothing: boolean; proposals: Proposal[] }[] = [];
  for (const steps of fc.sample(histories, { seed: FAR_SEED, numRuns: FAR_RUNS })) {
    const ledger = new HistoryLedger(prepared.dispatcher, prepared.state);
    const { size } = covered;
    const seen = (fn: string, code: string | undefined) => {
      covered.add(code === undefined ? `${fn} accepted` : `${fn} refused`);
      if (code) covered.add(code);
    };
    const real: History = { ledger, impostors: prepared.impostors, seen, steps: 0 };
    const model = prepared.model();
    await fc.asyncModelRun(() => ({ model, real }), steps);
    if (covered.size === size) continue;
    const written = [...ledger.state.keys()].filter((key) => !prepared.state.has(key));
    kept.push({ fromNothing: false, proposals: [...ledger.proposals, ...attestations(ledger, model, written)] });
  }
  const first = founding(prepared);
  const [sample] = first as [Proposal];
  kept.push({ fromNothing: true, proposals: first }, { fromNothing: false, proposals: queries(sample, prepared.state) });
  const values = [...prepared.state].map(([key, { value }]) => [key, Buffer.from(value).toString('base64')] as const);
  return { prepared: values, histories: kept };
}
