/**
 * The composition root: opens everything in a data folder, builds the service on it, listens, and takes
 * it all down again in the opposite order. The only file of the API that knows which ledger stands below.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { openEmbedded } from '../network/embedded/open.js';
import { buildApp } from './app.js';
import { openLocalIssuer } from './auth/local-issuer.js';
import { createTokenVerifier } from './auth/token-verifier.js';
import { readCalendar, WEEKENDS_ONLY } from './calendar/working-days.js';
import type { Deps } from './deps.js';
import { startProjection } from './projection/projection.js';
import type { Settings } from './settings.js';
import { openSqliteStore } from './store/store.js';
import { Submissions } from './submission/submissions.js';
import { eraseRecordedSubjects } from './vault/erase-subjects.js';
import { openVault } from './vault/vault.js';
import { GuessLimit } from './verification/guess-limit.js';
import { DocumentHasher } from './verification/hash-document.js';

const DEADLINE_MILLISECONDS = 15_000;

export interface ServerOptions {
  /** milliseconds since the epoch; the system's clock unless given */
  readonly clock?: () => number;
  /** where what is not about one request is told */
  readonly log?: (message: string) => void;
  /** done once the service listens and before it is ready, as the demonstration's records on a first start */
  readonly prepare?: (server: RunningServer) => Promise<void>;
}

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly app: FastifyInstance;
  readonly deps: Deps;
  /** Lets requests finish, then closes everything. */
  close(): Promise<void>;
}

/** Undoes what was opened so far, the last first, however far it came. */
class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

interface OpenedDeps {
  readonly deps: Deps;
  readonly submissions: Submissions;
}

async function open(settings: Settings, options: ServerOptions, closers: Closers): Promise<OpenedDeps> {
  const { clock = Date.now, log = () => {} } = options;
  const { dataDir } = settings;
  // The ledger comes first: it locks the data folder, and refuses one that is damaged or of another version.
  const { ledger, wallet } = await openEmbedded({ folder: dataDir, clock, log });
  closers.add(() => ledger.close());
  const store = await openSqliteStore(join(dataDir, 'store', 'store.db'));
  closers.add(() => store.close());
  const issuer = await openLocalIssuer(join(dataDir, 'issuer'));
  const vault = openVault(store, settings.vaultKeyFile ?? join(dataDir, 'vault.key'), clock);
  const projection = await startProjection(store, ledger, (fault) => log(`the projection waits: ${fault.message}`));
  closers.add(() => projection.stop());
  const submissions = new Submissions({
    ledger,
    wallet,
    store,
    projection,
    clock,
    deadlineMilliseconds: DEADLINE_MILLISECONDS,
  });
  closers.add(() => submissions.close());
  const hasher = new DocumentHasher();
  closers.add(() => hasher.close());
  const deps: Deps = {
    settings,
    ledger,
    wallet,
    store,
    projection,
    submissions,
    vault,
    calendar: settings.calendarFile === undefined ? WEEKENDS_ONLY : readCalendar(settings.calendarFile),
    hasher,
    guesses: new GuessLimit(clock),
    verifyToken: createTokenVerifier(issuer.trust, clock),
    operatorKey: issuer.operatorKey,
    preparation: { done: false },
    clock,
  };
  return { deps, submissions };
}

function urlOf({ host, tls }: Settings, { port }: AddressInfo): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'https' : 'http'}://${name}:${port}`;
}

/**
 * Starts the service; it is ready (`/readyz`) when `prepare` is done.
 * @throws DataFolderRefused, StoreTooNew, SettingsFault: nothing is left open then
 */
export async function startServer(settings: Settings, options: ServerOptions = {}): Promise<RunningServer> {
  const closers = new Closers();
  try {
    const { deps, submissions } = await open(settings, options, closers);
    const app = await buildApp(deps);
    closers.add(() => app.close());
    await app.ready();
    const { height } = await deps.ledger.info();
    await deps.projection.waitFor(height - 1);
    // A vault that was restored from a backup forgets again what the ledger says is erased.
    await eraseRecordedSubjects(deps.vault);
    await submissions.recover();
    await app.listen({ host: settings.host, port: settings.port });
    const url = urlOf(settings, app.server.address() as AddressInfo);
    const server = { url, app, deps, close: () => closers.close() };
    await options.prepare?.(server);
    deps.preparation.done = true;
    return server;
  } catch (error) {
    await closers.close();
    throw error;
  }
}
