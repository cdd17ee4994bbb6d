import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { parseLicenceId } from '../../chaincode/identifiers/licence-id.js';
import { isCitizenNumber } from '../../chaincode/identifiers/personal-data.js';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { AGENCY_KINDS, ROLES } from '../../chaincode/roles.js';
import { check } from '../../chaincode/schemas/check.js';
import { draftDataSet } from '../../chaincode/transactions/catalogue/draft-data-set.js';
import { draftServiceItem } from '../../chaincode/transactions/catalogue/draft-service-item.js';
import { draftServiceStandard } from '../../chaincode/transactions/catalogue/draft-service-standard.js';
import { DOMAINS, MODES } from '../../chaincode/transactions/catalogue/service-item.js';
import { registerCentre } from '../../chaincode/transactions/registry/register-centre.js';
import { registerInstrument } from '../../chaincode/transactions/registry/register-instrument.js';
import { registerOfficer } from '../../chaincode/transactions/registry/register-officer.js';
import { agency, DEMO_AGENCIES } from '../../scripts/demo/agencies.js';
import { CATALOGUE, DATA_SETS, SERVICE_ITEMS } from '../../scripts/demo/catalogue/entries.js';
import { INSTRUMENTS, SERVICE_STANDARDS } from '../../scripts/demo/catalogue/standards.js';
import { CENTRES, OFFICERS, PARTNERS } from '../../scripts/demo/centres.js';
import { DOCUMENTS, digest, document } from '../../scripts/demo/digest.js';
import { inventedCitizenNumber, inventedCreditCode, licenceId } from '../../scripts/demo/numbers.js';
import { papersOf, withOneByteChanged } from '../../scripts/demo/papers.js';

const agencies = [...DEMO_AGENCIES.values()];
const agencyIds = new Set(agencies.map(({ agencyId }) => agencyId));

describe('the demonstration agencies', () => {
  it('have distinct valid credit codes in divisions of their province', () => {
    expect(agencyIds.size).toBe(agencies.length);
    const wrong = agencies.filter(
      ({ agencyId, divisionCode, province }) =>
        !isCreditCode(agencyId) || agencyId.slice(2, 8) !== divisionCode || divisionCode.slice(0, 2) !== province.slice(0, 2),
    );
    expect(wrong).toEqual([]);
  });

  it('cover every kind, and every role but the registrar that genesis founds', () => {
    expect(new Set(agencies.map(({ kind }) => kind))).toEqual(new Set(AGENCY_KINDS));
    const roles = new Set(agencies.flatMap(({ roles }) => roles));
    expect(roles).toEqual(new Set(ROLES.filter((role) => role !== 'registrar')));
  });

  it('give each province a portal, an auditor and an editor', () => {
    for (const province of PROVINCE_CODES) {
      const there = agencies.filter((known) => known.province === province);
      expect(there.filter(({ kind }) => kind === 'portal')).toHaveLength(1);
      expect(there.filter(({ roles }) => roles.includes('auditor'))).toHaveLength(1);
      expect(there.filter(({ roles }) => roles.includes('catalogue-editor'))).toHaveLength(1);
    }
  });

  it('are known by key, and no other key is', () => {
    expect(agency('jiangsu.portal').name.zh).toBe('苏服办');
    expect(() => agency('jiangsu.nowhere')).toThrow('no demonstration agency jiangsu.nowhere');
  });
});

describe('the demonstration catalogue', () => {
  it('has at least thirty items over all domains and all modes', () => {
    expect(SERVICE_ITEMS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(SERVICE_ITEMS.map(({ domain }) => domain))).toEqual(new Set([...DOMAINS.enterprise, ...DOMAINS.individual]));
    expect(new Set(SERVICE_ITEMS.flatMap(({ modes }) => modes))).toEqual(new Set(MODES));
  });

  it('has at least ten data sets of every share class', () => {
    expect(DATA_SETS.length).toBeGreaterThanOrEqual(10);
    expect(new Set(DATA_SETS.map(({ shareClass }) => shareClass))).toEqual(new Set(['unconditional', 'conditional', 'withheld']));
  });

  it.each(SERVICE_ITEMS)('item $code has the form that the contract takes', (item) => {
    check(draftServiceItem.body, item);
    expect(DOMAINS[item.audience]).toContain(item.domain);
  });

  it.each(DATA_SETS)('data set $code has the form that the contract takes', (set) => {
    check(draftDataSet.body, set);
    expect(set.shareClass === 'withheld').toBe(set.legalBasis !== undefined);
  });

  it('names no code twice', () => {
    const names = CATALOGUE.map(({ kind, content }) => `${kind}/${content.code}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('names only agencies, instruments, items and components that are there', () => {
    const items = new Set(SERVICE_ITEMS.map(({ code }) => code));
    const instruments = new Set(INSTRUMENTS.map(({ code }) => code));
    const departments = SERVICE_ITEMS.flatMap((item) => Object.values(item.departments).flat());
    const providers = DATA_SETS.flatMap((set) => Object.values(set.providers));
    expect([...departments, ...providers].filter((id) => !agencyIds.has(id))).toEqual([]);
    expect(SERVICE_ITEMS.flatMap(({ legalBasis }) => legalBasis ?? []).filter((code) => !instruments.has(code))).toEqual([]);
    const named = [
      ...SERVICE_ITEMS.flatMap(({ components }) => components ?? []),
      ...DATA_SETS.flatMap((set) => set.servesItems ?? []),
    ];
    expect(named.filter((code) => !items.has(code))).toEqual([]);
  });

  it('has standards, instruments, centres and officers in the form that the contracts take', () => {
    for (const standard of SERVICE_STANDARDS) check(draftServiceStandard.body, standard);
    for (const instrument of INSTRUMENTS) check(registerInstrument.body, { ...instrument, digest: digest(instrument.code) });
    for (const { body } of CENTRES) check(registerCentre.body, body);
    for (const { body } of OFFICERS) check(registerOfficer.body, body);
    for (const [centre, partner] of PARTNERS) expect([agency(centre).kind, agency(partner).province]).toContain('centre');
  });
});

describe('invented numbers', () => {
  it('are formally valid', () => {
    expect(isCitizenNumber(inventedCitizenNumber('340000', '20080315', 104))).toBe(true);
    expect(isCreditCode(inventedCreditCode('91', '310105', 101))).toBe(true);
    const id = licenceId(36, agency('jiangsu.suzhou-approval').agencyId, 'FOODX1');
    expect(parseLicenceId(id)?.issuer).toBe(agency('jiangsu.suzhou-approval').agencyId);
  });

  it('belong to nobody: the division of a citizen number does not exist', () => {
    expect(inventedCitizenNumber('340000', '20080315', 104).slice(0, 6)).toBe('340999');
    expect(inventedCreditCode('91', '310105', 101).slice(8, 11)).toBe('DEM');
  });
});

describe('the demonstration documents', () => {
  const documents = readdirSync(DOCUMENTS).filter((name) => /\.(pdf|png|jpg|wav)$/.test(name));

  it('are small and are what their names say', () => {
    const MAGIC: Record<string, string> = { pdf: '%PDF-1.', png: '\x89PNG', jpg: '\xff\xd8\xff', wav: 'RIFF' };
    expect(documents.length).toBeGreaterThanOrEqual(20);
    for (const name of documents) {
      const magic = MAGIC[name.slice(-3)] as string;
      expect(document(name).toString('latin1', 0, magic.length), name).toBe(magic);
      expect(statSync(join(DOCUMENTS, name)).size, name).toBeLessThan(64 * 1024);
    }
  });

  it('differ from one another, the annotated copy from its original too', () => {
    const digests = documents.map((name) => digest(document(name)).value);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('are the run’s own where a certificate is issued over them again', () => {
    const original = papersOf(undefined).issued('food-licence.pdf');
    const own = papersOf('TESTRUN').issued('food-licence.pdf');
    rmSync(dirname(own.path), { recursive: true });
    expect(original.bytes).toEqual(document('food-licence.pdf'));
    expect(own.digest).not.toEqual(original.digest);
    expect(own.bytes.subarray(0, original.bytes.length)).toEqual(original.bytes);
  });

  it('changes one byte and no more', () => {
    const before = document('food-licence.pdf');
    const after = withOneByteChanged(before);
    expect(after.length).toBe(before.length);
    expect([...before].filter((byte, index) => byte !== after[index])).toHaveLength(1);
  });
});
