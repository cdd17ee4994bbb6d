import { beforeAll, describe, expect, it } from 'vitest';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { type FoundDefinition, findDefinitions } from '../support/definitions.js';

/** The functions of every contract: what clients, receipts and old blocks name. A name once used stays. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  registry: [
    'FoundRegistrar',
    'RegisterAgency',
    'SetAgencyRoles',
    'DeactivateAgency',
    'ReactivateAgency',
    'ReplaceAgencyKey',
    'RegisterInstrument',
    'RegisterCentre',
    'ProposePartner',
    'AcceptPartner',
    'WithdrawPartner',
    'RegisterOfficer',
    'AcceptOfficer',
    'DeactivateOfficer',
    'ApproveFeature',
  ],
  catalogue: [
    'DraftServiceItem',
    'DraftDataSet',
    'DraftServiceStandard',
    'OpenConsultation',
    'SubmitOpinion',
    'RecordConsultationResult',
    'CastVote',
    'SuspendEntry',
    'ResumeEntry',
    'WithdrawEntry',
    'PublishGuide',
  ],
  case: [
    'OpenCase',
    'RecordMilestone',
    'SubmitMaterial',
    'RecordPreReview',
    'OfferHandoff',
    'AcceptHandoff',
    'RejectHandoff',
    'RecallHandoff',
    'LapseHandoff',
    'ReturnHandoff',
    'PauseCase',
    'ResumeCase',
    'RecordCustody',
    'RecordSession',
    'AcknowledgeSession',
    'DecideCase',
    'CloseCase',
  ],
  certificate: [
    'IssueCertificate',
    'IssueBatch',
    'SuspendCertificate',
    'ReinstateCertificate',
    'RevokeCertificate',
    'SupersedeCertificate',
    'RecordCopy',
  ],
  grant: [
    'RequestGrant',
    'ApproveGrant',
    'RefuseGrant',
    'RequestSupplement',
    'SubmitSupplement',
    'SuspendGrant',
    'ResumeGrant',
    'RevokeGrant',
    'EndGrant',
    'DisposeGrant',
    'UseGrant',
    'ReleaseUse',
  ],
  subject: ['EraseSubject'],
  anchor: ['AnchorRecords'],
};

/** The one writing function that runs outside a definition: it founds what every definition asks for. */
const GENESIS = 'registry:FoundRegistrar';

interface ContractMetadata {
  readonly transactions: readonly {
    readonly name: string;
    readonly tag: readonly string[];
    readonly parameters?: readonly { readonly name: string; readonly schema: unknown }[];
    readonly returns: unknown;
  }[];
}

/** The queries whose argument is canonical JSON; `ReadRecord` takes a key. */
const QUESTIONS = ['ledger:AttestRecords', 'ledger:AttestCertificate'];

describe('the contracts’ metadata', () => {
  let world: ContractWorld;
  let contracts: Map<string, ContractMetadata>;
  let defined: readonly FoundDefinition[];

  beforeAll(async () => {
    world = await ContractWorld.create();
    const metadata = world.dispatcher.metadata as { contracts: Record<string, ContractMetadata> };
    contracts = new Map(Object.entries(metadata.contracts));
    contracts.delete('org.hyperledger.fabric');
    defined = await findDefinitions();
  });

  const writing = () => [...contracts].filter(([name]) => name !== 'ledger');
  const callable = () =>
    writing().flatMap(([name, { transactions }]) => transactions.map((transaction) => `${name}:${transaction.name}`));

  it('lists exactly the contracts and functions that clients know', () => {
    const listed = Object.fromEntries(writing().map(([name, { transactions }]) => [name, transactions.map((each) => each.name)]));
    expect(listed).toEqual(FUNCTIONS);
  });

  it('gives every writing function one string parameter named argument, and a string as its answer', () => {
    for (const [contract, { transactions }] of writing())
      for (const { name, parameters, returns, tag } of transactions) {
        const seen = { function: `${contract}:${name}`, parameters: parameters?.map((p) => [p.name, p.schema]), returns };
        expect(seen).toEqual({
          function: `${contract}:${name}`,
          parameters: [['argument', { type: 'string' }]],
          returns: { type: 'string' },
        });
        expect(tag).toContain('submitTx');
      }
  });

  it('offers four queries beside them, and marks them as such', () => {
    const queries = contracts.get('ledger')?.transactions ?? [];
    expect(
      queries.map(({ name, parameters, tag }) => [name, parameters?.map((p) => p.name) ?? [], tag.includes('submitTx')]),
    ).toEqual([
      ['ReadRecord', ['recordKey'], false],
      ['AttestRecords', ['question'], false],
      ['AttestCertificate', ['question'], false],
      ['GetCodeInfo', [], false],
    ]);
  });

  it('is what the shim’s own GetMetadata answers', async () => {
    const registrar = [...world.registrars.values()][0] as Actor;
    const { status, payload } = await world.simulate(registrar, 'org.hyperledger.fabric:GetMetadata');
    expect(status).toBe(200);
    const answered = JSON.parse(Buffer.from(payload).toString('utf8')) as { contracts: Record<string, unknown> };
    expect(Object.keys(answered.contracts)).toEqual([...contracts.keys(), 'org.hyperledger.fabric']);
  });

  it.each(['registry:Invent', 'case:constructor', 'case:_private', 'invented:OpenCase'])(
    'calls nothing under the name %s',
    async (name) => {
      const registrar = [...world.registrars.values()][0] as Actor;
      const { status, message, writes } = await world.simulate(registrar, name, '{}');
      expect({ status, writes }).toEqual({ status: 500, writes: [] });
      expect(message).toMatch(/not exist|not known/);
    },
  );

  it('has a function for each definition and a definition for each function', () => {
    const named = defined.map(({ definition }) => `${definition.contract}:${definition.name}`);
    expect([...named, GENESIS].sort()).toEqual(callable().sort());
  });

  it('finds each definition in the file and under the export that its name says', () => {
    for (const { file, exportName, definition } of defined) {
      const kebab = definition.name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
      expect(file).toBe(`${definition.contract}/${kebab}.ts`);
      expect(exportName).toBe(definition.name.charAt(0).toLowerCase() + definition.name.slice(1));
    }
  });

  it('keeps path, body and attached fields of a definition apart', () => {
    for (const { definition } of defined) {
      const parts = [definition.path, definition.body, definition.attached].flatMap((part) => Object.keys(part.properties));
      expect(new Set(parts).size, definition.name).toBe(parts.length);
      expect(Object.keys(definition.input.properties).sort()).toEqual(parts.sort());
      expect(definition.input).toMatchObject({ additionalProperties: false });
    }
  });

  it.each([
    'execute',
    'beforeTransaction',
    'afterTransaction',
    'unknownTransaction',
    'getName',
    'constructor',
    'toString',
    '__proto__',
    '',
  ])('makes nothing else callable: registry:%s fails and writes nothing', async (name) => {
    const registrar = world.registrars.get('310000');
    if (!registrar) throw new Error('no registrar');
    const { status, writes } = await world.simulate(registrar, `registry:${name}`, '{}');
    expect({ status, writes }).toEqual({ status: 500, writes: [] });
  });

  it('refuses to run any function on what is no canonical argument', async () => {
    const registrar = world.registrars.get('310000');
    if (!registrar) throw new Error('no registrar');
    for (const fn of [...callable(), ...QUESTIONS])
      for (const argument of [
        '',
        'null',
        '{}',
        '{ "input": {}, "operation": "operation-id-0001" }',
        '{"keys":["feature~active"]} ',
      ]) {
        const { status, message, writes } = await world.simulate(registrar, fn, argument);
        expect({ fn, status, writes }).toEqual({ fn, status: 500, writes: [] });
        expect(message).toContain('"code":"request.invalid"');
      }
  });

  it('refuses to read under what is no key', async () => {
    const registrar = [...world.registrars.values()][0] as Actor;
    for (const argument of ['', '{}', 'no such key']) {
      const { status, message, writes } = await world.simulate(registrar, 'ledger:ReadRecord', argument);
      expect({ argument, status, writes }).toEqual({ argument, status: 500, writes: [] });
      expect(message).toContain('"code":"request.id-invalid"');
    }
  });
});
