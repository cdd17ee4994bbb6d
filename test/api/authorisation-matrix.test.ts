import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { ROLES } from '../../chaincode/roles.js';
import type { ApiAgency, ApiResponse } from '../support/api-world.js';
import { anchorRows } from '../support/authorisation/anchor-rows.js';
import { auditRows } from '../support/authorisation/audit-rows.js';
import { caseRows } from '../support/authorisation/case-rows.js';
import { catalogueRows } from '../support/authorisation/catalogue-rows.js';
import { certificateRows } from '../support/authorisation/certificate-rows.js';
import { grantRows } from '../support/authorisation/grant-rows.js';
import { registryRows } from '../support/authorisation/registry-rows.js';
import { routesOf } from '../support/authorisation/routes-of.js';
import { type Attempt, type Row, succeedsAbroad } from '../support/authorisation/row.js';
import { ACTING, type GridActor, Stage } from '../support/authorisation/stage.js';
import { traceRows } from '../support/authorisation/trace-rows.js';

const ROWS: Readonly<Record<string, Row>> = {
  ...registryRows,
  ...catalogueRows,
  ...caseRows,
  ...certificateRows,
  ...grantRows,
  ...anchorRows,
  ...traceRows,
  ...auditRows,
};

/** The documentation's page and its files hold nothing but what `/openapi.json` says to everybody. */
const isPage = (route: string) => /^GET \/docs(?:\/|$)/.test(route);

/** A refusal for who asks; a denied use says so in its own code. */
const REFUSALS = /^(?:auth\.(?:role|agency|province)|grant\.not-grantee)$/;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage.world.close());

/** What an answer comes to; HEAD has no body to take a code from. */
function outcomeOf({ status, body }: ApiResponse): string {
  if (status >= 200 && status < 300) return 'success';
  return REFUSALS.test(body?.code) || body?.code?.startsWith('auth.') ? body.code : `${status} ${body?.code}`;
}

async function tryOut(method: string, agency: ApiAgency | undefined, { path, body }: Attempt): Promise<string> {
  const answer = await stage.send(method, path, agency, body);
  if (method === 'GET') expect((await stage.send('HEAD', path, agency, undefined)).status).toBe(answer.status);
  return outcomeOf(answer);
}

describe('the authorisation matrix', () => {
  it('has a row for every route of the application, and no row for another', () => {
    const routes = routesOf(stage.world.service.app).filter((route) => !isPage(route));
    expect(routes.length).toBeGreaterThan(80);
    expect(Object.keys(ROWS).sort()).toEqual(routes.sort());
  });

  it('is played by every role in every province', () => {
    const cast = stage.grid.map(({ province, role }) => `${province} ${role}`);
    expect(cast.sort()).toEqual(PROVINCE_CODES.flatMap((province) => ROLES.map((role) => `${province} ${role}`)).sort());
  });
});

describe('a credential that carries less than its agency has', () => {
  it('does not act in the roles it was not given, where the ledger alone would let it', async () => {
    const registrar = {
      ...stage.registrar('310000'),
      token: await stage.world.token({ ...stage.registrar('310000'), roles: [] }),
    };
    for (const route of [
      'POST /v1/centres/:centreId/partners',
      'POST /v1/officers',
      'POST /v1/officers/:officerId/deactivation',
    ]) {
      const attempt = await (ROWS[route] as Row).attempt(stage, stage.grid[0] as GridActor);
      expect(await tryOut('POST', registrar, attempt), route).toBe('auth.role');
      expect(await tryOut('POST', stage.registrar('310000'), attempt), route).toBe('success');
    }
  });
});

describe.each(Object.entries(ROWS))('%s', (route, row) => {
  const method = route.split(' ')[0] as string;
  const [someone] = [{ province: '310000', role: 'data-user' }];

  it('refuses who does not say who they are, unless it is open to everybody', async () => {
    const attempt = await row.attempt(stage, { ...stage.owner(), ...someone } as GridActor);
    const open = row.foreign === 'everybody';
    expect(await tryOut(method, undefined, attempt)).toBe(open ? 'success' : 'auth.missing');
    const forged = { ...stage.owner(), token: `${stage.owner().token.slice(0, -4)}AAAA` };
    if (!open) expect(await tryOut(method, forged, attempt)).toBe('auth.invalid');
  });

  it('answers those the table names about others’ things, and nobody else', async () => {
    const shared = await row.attempt(stage, { ...stage.owner(), ...someone } as GridActor);
    for (const actor of stage.grid) {
      const succeeds = succeedsAbroad(row, actor);
      const attempt = succeeds || row.perActor ? await row.attempt(stage, actor) : shared;
      const outcome = await tryOut(method, actor, attempt);
      if (succeeds) expect(outcome, `${actor.province} ${actor.role}`).toBe('success');
      else expect(outcome, `${actor.province} ${actor.role}`).toMatch(REFUSALS);
    }
  });

  const { own } = row;
  if (!own) return;

  it.each(PROVINCE_CODES)('answers whose thing it is in %s, with a role that is enough, and with no other', async (province) => {
    const attempt = await own.attempt(stage, province);
    const roles = [...new Set([...attempt.by.roles, ...ACTING])];
    const enough = roles.filter((role) => own.roles === 'any' || own.roles.includes(role));
    for (const role of roles) {
      if (enough.includes(role)) continue;
      expect(await tryOut(method, await stage.withRole(attempt.by, role), attempt), role).toBe('auth.role');
    }
    for (const role of [enough[0], enough.at(-1)]) {
      const again = await own.attempt(stage, province);
      expect(await tryOut(method, await stage.withRole(again.by, role as (typeof ROLES)[number]), again), role).toBe('success');
    }
  });
});
