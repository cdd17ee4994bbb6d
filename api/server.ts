/**
 * The composition root: opens everything in a data folder, builds the service on it, listens, and takes
 * it all down again in the opposite order.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Anchors } from './anchors/anchors.js';
import { ReadLogAnchoring } from './anchors/read-log-anchoring.js';
import { RootReceipts } from './anchors/root-receipts.js';
import { buildApp } from './app.js';
import { openLocalIssuer } from './auth/local-issuer.js';
import { openRevokedTokens } from './auth/revoked-tokens.js';
import { createTokenVerifier } from './auth/token-verifier.js';
import { readCalendar, WEEKENDS_ONLY } from './calendar/working-days.js';
import { Closers } from './closers.js';
import type { Deps } from './deps.js';
import { Receipts } from './evidence/receipts.js';
import { awaitFounders } from './founders.js';
import { Freshness, type FreshnessTimes } from './freshness.js';
import { type LedgerAccess, openLedger, storeFileOf } from './open-ledger.js';
import { startProjection } from './projection/projection.js';
import { checkSameChain } from './projection/same-chain.js';
import type { Settings } from './settings.js';
import { openSqliteStore } from './store/store.js';
import { Submissions } from './submission/submissions.js';
import { eraseRecordedSubjects } from './vault/erase-subjects.js';
import { ErasureFollower } from './vault/follow-erasures.js';
import { openVault } from './vault/vault.js';
import { settleVaultKey, vaultKeyFileOf } from './vault/vault-key.js';
import { GuessLimit } from './verification/guess-limit.js';
import { DocumentHasher } from './verification/hash-document.js';

const DEADLINE_MILLISECONDS = 15_000;

export interface ServiceOptions {
  /** milliseconds since the epoch; the system's clock unless given */
  readonly clock?: () => number;
  /** where what is not about one request is told */
  readonly log?: (message: string) => void;
  /** how often and how patiently the ledger is asked whether reads are whole */
  readonly freshness?: FreshnessTimes;
  /** how long a write waits for its outcome before it is answered with 202; 15 s unless given */
  readonly deadlineMilliseconds?: number;
}

/** The service, not yet listening. */
export interface Service {
  readonly app: FastifyInstance;
  readonly deps: Deps;
  /** Lets requests finish, then closes all but the ledger. */
  close(): Promise<void>;
}

async function openDeps(
  settings: Settings,
  { ledger, wallet, store: opened, envelopesSettled = () => true }: LedgerAccess,
  options: ServiceOptions,
  closers: Closers,
): Promise<Deps> {
  const { clock = Date.now, log = () => {}, deadlineMilliseconds = DEADLINE_MILLISECONDS } = options;
  const { dataDir, calendarFile, receiptProvinces } = settings;
  const store = opened ?? (await openSqliteStore(storeFileOf(dataDir)));
  if (!opened) closers.add(() => store.close());
  const issuer = await openLocalIssuer(join(dataDir, 'issuer'));
  const keyFile = vaultKeyFileOf(settings);
  await settleVaultKey(store, keyFile);
  const vault = openVault(store, keyFile, clock);
  await checkSameChain(store, ledger);
  const erasures = new ErasureFollower(vault, (error) => log(`an erasure is still owed: ${String(error)}`));
  closers.add(() => erasures.settled());
  const projection = await startProjection(store, ledger, {
    onFault: (fault) => log(`the projection waits: ${fault.message}`),
    onBlock: (block) => erasures.see(block),
  });
  closers.add(() => projection.stop());
  const submissions = new Submissions({ ledger, wallet, store, projection, clock, deadlineMilliseconds, log });
  closers.add(() => submissions.close());
  const anchors = await Anchors.open({ ledger, wallet, store, projection, log });
  closers.add(() => anchors.close());
  const freshness = new Freshness({ ledger, projection, clock }, options.freshness);
  closers.add(() => freshness.stop());
  const receipts = new Receipts({ ledger, provinces: receiptProvinces, log });
  const hasher = new DocumentHasher();
  closers.add(() => hasher.close());
  return {
    settings,
    ledger,
    wallet,
    store,
    projection,
    submissions,
    anchors,
    envelopesSettled,
    deadlineMilliseconds,
    receipts,
    rootReceipts: new RootReceipts({ store, wallet, settings, receipts }),
    vault,
    calendar: calendarFile === undefined ? WEEKENDS_ONLY : readCalendar(calendarFile),
    hasher,
    freshness,
    guesses: new GuessLimit(clock),
    verifyToken: createTokenVerifier(issuer.trust, clock, openRevokedTokens(join(dataDir, 'issuer'), clock)),
    operatorKey: issuer.operatorKey,
    preparation: { done: false },
    clock,
  };
}

async function assemble(settings: Settings, access: LedgerAccess, options: ServiceOptions, closers: Closers): Promise<Service> {
  const deps = await openDeps(settings, access, options, closers);
  const app = await buildApp(deps);
  // A stream that goes on would keep the service open for ever.
  app.addHook('preClose', async () => deps.anchors.stop());
  closers.add(() => app.close());
  await app.ready();
  await awaitFounders(deps, settings.province);
  // A vault that was restored from a backup forgets again what the ledger says is erased.
  await eraseRecordedSubjects(deps.vault);
  await deps.submissions.recover();
  await deps.anchors.recover();
  const readLog = new ReadLogAnchoring(deps, options.log ?? (() => {}));
  closers.add(() => readLog.close());
  return { app, deps, close: () => closers.close() };
}

/**
 * The service on a ledger that is open already.
 * @throws StoreTooNew, ForeignProjection, and whatever is wrong with a file that the settings name: nothing is left open then
 */
export async function openService(settings: Settings, access: LedgerAccess, options: ServiceOptions = {}): Promise<Service> {
  const closers = new Closers();
  try {
    return await assemble(settings, access, options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

export interface RunningServer extends Service {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
}

export interface ServerOptions extends ServiceOptions {
  /** done once the service listens and before it is ready, as the demonstration's records on a first start */
  readonly prepare?: (server: RunningServer) => Promise<void>;
}

function urlOf({ host, tls }: Settings, { port }: AddressInfo): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'https' : 'http'}://${name}:${port}`;
}

async function listen(service: Service, prepare: ServerOptions['prepare'], close: () => Promise<void>): Promise<RunningServer> {
  const { app, deps } = service;
  await app.listen({ host: deps.settings.host, port: deps.settings.port });
  const server = { ...service, url: urlOf(deps.settings, app.server.address() as AddressInfo), close };
  await prepare?.(server);
  deps.preparation.done = true;
  return server;
}

/**
 * Starts the service on the ledger that the settings name; it is ready (`/readyz`) when `prepare` is done.
 * @throws DataFolderRefused, StoreTooNew, ForeignProjection, LedgerUnavailable: nothing is left open then
 */
export async function startServer(settings: Settings, options: ServerOptions = {}): Promise<RunningServer> {
  const { clock = Date.now, log = () => {}, prepare } = options;
  const closers = new Closers();
  try {
    // The ledger comes first: it locks the data folder, and refuses one that is damaged or of another version.
    const access = await openLedger(settings, { clock, log }, closers);
    const service = await openService(settings, access, options);
    closers.add(() => service.close());
    return await listen(service, prepare, () => closers.close());
  } catch (error) {
    await closers.close();
    throw error;
  }
}
