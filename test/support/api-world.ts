/**
 * The API over a real ledger of its own: what API tests run in. It is the embedded one in a folder, or with
 * `LEDGER=fabric` a network of four provinces, and no test can tell which. Requests go through Fastify's
 * `inject`; tests that need sockets listen themselves.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalIssuer, openLocalIssuer } from '../../api/auth/local-issuer.js';
import { Closers } from '../../api/closers.js';
import type { FreshnessTimes } from '../../api/freshness.js';
import { type LedgerAccess, openLedger } from '../../api/open-ledger.js';
import { openService, type Service } from '../../api/server.js';
import { readSettings, type Settings } from '../../api/settings.js';
import { PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { networkPaths } from '../../network/definition/network-folder.js';
import type { Ledger } from '../../network/ledger.js';
import { REGISTRARS } from '../../network/registrars.js';
import { freshAgencyId } from './contract-world.js';
import { networkMissing, reachesAll } from './fabric-network.js';
import { ownNetwork } from './own-network.js';

export interface ApiAgency {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  readonly token: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are whatever the API says; tests compare them
  readonly body: any;
}

export interface ApiWorldOptions {
  /** the one that `LEDGER` names unless given; on `fabric` a network of its own, unless the settings name a profile */
  readonly ledger?: Settings['ledger'];
  readonly settings?: Readonly<Record<string, string>>;
  /** as long as an embedded ledger's writes need it; a network's take longer, and get more */
  readonly deadlineMilliseconds?: number;
  readonly freshness?: FreshnessTimes;
  /** what is told that is not about one request */
  readonly log?: (message: string) => void;
  /** stands between the service and the ledger, to delay it or make it fail */
  readonly between?: (ledger: Ledger) => Ledger;
}

/** As the global setup found it: `LEDGER=fabric npm test`. */
const ON_FABRIC = process.env.TEST_LEDGER === 'fabric';
/** The one difference that answers tell of: whose ledger it is, and what that is worth. */
export const LEDGER_KIND = ON_FABRIC
  ? ({ kind: 'fabric', assurance: 'bft-4' } as const)
  : ({ kind: 'embedded', assurance: 'single-operator' } as const);
const NETWORK_TAKES_LONGER = 10;

/** What the settings must say for the ledger to be the one that is asked for. */
async function ledgerSettings(options: ApiWorldOptions, closers: Closers, folders: string[]): Promise<Record<string, string>> {
  const { ledger = ON_FABRIC ? 'fabric' : 'embedded', settings: own } = options;
  if (ledger === 'embedded') return {};
  if (own?.FABRIC_PROFILE !== undefined) return { LEDGER: 'fabric' };
  const missing = networkMissing();
  if (missing) throw new Error(`LEDGER=fabric cannot be had: ${missing}`);
  const network = await ownNetwork();
  closers.add(() => network.remove());
  folders.push(network.root);
  return { LEDGER: 'fabric', FABRIC_PROFILE: network.profile(PROVINCES.find(({ code }) => code === own?.PROVINCE)?.slug) };
}

export class ApiWorld {
  /** the API's own */
  readonly folder: string;
  /** all that is written anywhere: the API's own folder, and the network's */
  readonly folders: readonly string[];
  readonly below: LedgerAccess;
  readonly issuer: LocalIssuer;
  service: Service;
  readonly registrars = new Map<ProvinceCode, ApiAgency>();
  readonly #settings: Settings;
  readonly #options: ApiWorldOptions;
  readonly #closers: Closers;

  private constructor(
    folders: readonly [string, ...string[]],
    below: LedgerAccess,
    issuer: LocalIssuer,
    service: Service,
    options: ApiWorldOptions,
    closers: Closers,
  ) {
    this.folder = folders[0];
    this.folders = folders;
    this.below = below;
    this.issuer = issuer;
    this.service = service;
    this.#settings = service.deps.settings;
    this.#options = options;
    this.#closers = closers;
  }

  static async create(options: ApiWorldOptions = {}): Promise<ApiWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'api-world-'));
    const closers = new Closers();
    closers.add(() => rm(folder, { recursive: true, force: true }));
    try {
      return await ApiWorld.#open(folder, options, closers);
    } catch (error) {
      await closers.close();
      throw error;
    }
  }

  static async #open(folder: string, options: ApiWorldOptions, closers: Closers): Promise<ApiWorld> {
    const folders: [string, ...string[]] = [folder];
    const ledger = await ledgerSettings(options, closers, folders);
    const settings = readSettings({ LOG_LEVEL: 'silent', RATE_LIMIT: 'off', ...options.settings, ...ledger, DATA_DIR: folder });
    const below = await openLedger(settings, { clock: Date.now, log: () => {} }, closers);
    if (settings.ledger === 'fabric') await reachesAll(below.ledger);
    const service = await openOn(settings, below, options);
    const issuer = await openLocalIssuer(join(folder, 'issuer'));
    const world = new ApiWorld(folders, below, issuer, service, options, closers);
    for (const { province, agencyId } of REGISTRARS)
      world.registrars.set(province, await world.#withToken({ agencyId, province, roles: ['registrar'] }));
    return world;
  }

  /** where agencies' keys are, as `identities/<MSP>/<agency>` */
  get walletFolder(): string {
    const [own, network] = this.folders as readonly [string, ...string[]];
    return network === undefined ? own : networkPaths(network).wallet;
  }

  /** Ends the service and starts it again on the same ledger and store, as after a restart. */
  async restart(options: ApiWorldOptions = this.#options): Promise<void> {
    await this.service.close();
    this.service = await openOn(this.#settings, this.below, options);
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.#closers.close();
  }

  registrar(province: ProvinceCode = '310000'): ApiAgency {
    return this.registrars.get(province) as ApiAgency;
  }

  /** A token for an agency as it is, or with other claims. */
  async token(agency: Omit<ApiAgency, 'token'>, operator = 'tester'): Promise<string> {
    return this.issuer.mint({ ...agency, operator, minutes: 60 }, Date.now());
  }

  async #withToken(agency: Omit<ApiAgency, 'token'>): Promise<ApiAgency> {
    return { ...agency, token: await this.token(agency) };
  }

  /** Registers an agency through the API. */
  async agency(province: ProvinceCode, roles: readonly Role[], kind = 'department'): Promise<ApiAgency> {
    const agencyId = freshAgencyId(province);
    const answer = await this.post('/v1/agencies', this.registrar(province), {
      agencyId,
      name: { zh: '测试机构' },
      divisionCode: province,
      kind,
      roles,
    });
    if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${answer.text}`);
    return this.#withToken({ agencyId, province, roles });
  }

  get(path: string, agency?: ApiAgency, headers: Readonly<Record<string, string>> = {}): Promise<ApiResponse> {
    return this.send('GET', path, { ...bearer(agency), ...headers });
  }

  /** Without a body none is sent, nor a content type. */
  post(
    path: string,
    agency: ApiAgency | undefined,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.send(
      'POST',
      path,
      { ...typed, ...bearer(agency), ...headers },
      body === undefined ? undefined : JSON.stringify(body),
    );
  }

  async send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    payload?: string | Buffer,
  ): Promise<ApiResponse> {
    const answer = await this.service.app.inject({
      method: method as 'GET',
      url: path,
      headers: { ...headers },
      ...(payload !== undefined && { payload }),
    });
    const isJson = /[/+]json\b/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers as ApiResponse['headers'],
      text: answer.payload,
      body: isJson && answer.payload !== '' ? answer.json() : undefined,
    };
  }
}

function bearer(agency: ApiAgency | undefined): Record<string, string> {
  return agency ? { authorization: `Bearer ${agency.token}` } : {};
}

async function openOn(settings: Settings, below: LedgerAccess, options: ApiWorldOptions): Promise<Service> {
  const { between = (same: Ledger) => same, deadlineMilliseconds, freshness, log } = options;
  const patience = settings.ledger === 'fabric' ? NETWORK_TAKES_LONGER : 1;
  const service = await openService(
    settings,
    { ...below, ledger: between(below.ledger) },
    {
      ...(deadlineMilliseconds !== undefined && { deadlineMilliseconds: deadlineMilliseconds * patience }),
      ...(freshness && { freshness }),
      ...(log && { log }),
    },
  );
  service.deps.preparation.done = true;
  return service;
}
