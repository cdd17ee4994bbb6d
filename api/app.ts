/**
 * The HTTP service, every part registered by name and in order. Nested scopes show who may call what:
 * everybody, or an agency that has proved who it is.
 */
import { readFileSync } from 'node:fs';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { authentication } from './auth/authentication.js';
import type { Deps } from './deps.js';
import { handlerDeadline } from './plugins/handler-deadline.js';
import { jsonBody } from './plugins/json-body.js';
import { docsPage, openApi, openApiRoute } from './plugins/openapi.js';
import { pressure } from './plugins/pressure.js';
import { handleBadUrl, handleClientError, problems } from './plugins/problems.js';
import { limitAgencies, limitFailures, limitPublic } from './plugins/rate-limits.js';
import { keepNowhere, securityHeaders } from './plugins/security-headers.js';
import { staleness } from './plugins/staleness.js';
import { validation } from './plugins/validation.js';
import { findAgency } from './projection/records.js';
import { anchorRoutes } from './routes/anchor-routes.js';
import { auditRoutes } from './routes/audit-routes.js';
import { caseRoutes } from './routes/case-routes.js';
import { catalogueRoutes } from './routes/catalogue-routes.js';
import { certificateRoutes } from './routes/certificate-routes.js';
import { checkpointRoutes } from './routes/checkpoint-routes.js';
import { editionRoutes } from './routes/edition-routes.js';
import { evidenceRoutes } from './routes/evidence-routes.js';
import { grantRoutes } from './routes/grant-routes.js';
import { healthRoutes } from './routes/health-routes.js';
import { publicLedgerRoutes, transactionRoutes } from './routes/ledger-routes.js';
import { personRoutes } from './routes/person-routes.js';
import { problemRoutes } from './routes/problem-routes.js';
import { publicCatalogueRoutes } from './routes/public-catalogue-routes.js';
import { publicRegistryRoutes } from './routes/public-registry-routes.js';
import { receiptRoutes, trustRoutes } from './routes/receipt-routes.js';
import { registryRoutes } from './routes/registry-routes.js';
import { statisticsRoutes } from './routes/statistics-routes.js';
import { subjectRoutes } from './routes/subject-routes.js';
import { traceRoutes } from './routes/trace-routes.js';
import { verifyRoutes } from './routes/verify-routes.js';
import type { Settings } from './settings.js';

const BODY_LIMIT = 64 * 1024;
/** Longer than a write waits for its outcome (15 s), so that its 202 still gets out. */
const HANDLER_SECONDS = 25;
const ARRIVAL_SECONDS = 60;
const HEADERS_MILLISECONDS = 60_000;
const CONNECTION_MILLISECONDS = 75_000;
const LONGEST_PARAMETER = 200;

function tlsOptions({ tls }: Settings) {
  if (!tls) return {};
  const { certificateFile, keyFile, clientCaFile } = tls;
  return {
    https: {
      cert: readFileSync(certificateFile),
      key: readFileSync(keyFile),
      minVersion: 'TLSv1.2' as const,
      // A token works without a certificate; one that is shown counts only when TLS accepted it.
      ...(clientCaFile !== undefined && { ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: false }),
    },
  };
}

function createServer({ settings }: Deps): FastifyInstance {
  return fastify({
    ...tlsOptions(settings),
    logger: settings.logLevel === 'silent' ? false : { level: settings.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than it tells; what is logged of a request names it.
    childLoggerFactory: (logger) => logger,
    trustProxy: false,
    bodyLimit: BODY_LIMIT,
    // A body's minute is kept in `plugins/handler-deadline.ts`, which lets a stream take longer.
    requestTimeout: 0,
    connectionTimeout: CONNECTION_MILLISECONDS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER, caseSensitive: true, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    frameworkErrors: handleBadUrl,
    clientErrorHandler: handleClientError,
  }) as FastifyInstance;
}

export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const { settings, store, verifyToken, operatorKey, clock } = deps;
  const app = createServer(deps);
  app.server.headersTimeout = HEADERS_MILLISECONDS;
  await app.register(problems);
  await app.register(securityHeaders, { tls: settings.tls !== undefined });
  await app.register(handlerDeadline, { seconds: HANDLER_SECONDS, arrivalSeconds: ARRIVAL_SECONDS });
  await app.register(validation);
  await app.register(jsonBody);
  await app.register(openApi);

  await app.register(async (watchers) => {
    await healthRoutes(watchers, deps);
  });

  await app.register(async (everybody) => {
    await everybody.register(pressure);
    await everybody.register(staleness, deps);
    await limitPublic(everybody, settings.rateLimit);
    await openApiRoute(everybody);
    await problemRoutes(everybody);
    await publicLedgerRoutes(everybody, deps);
    await trustRoutes(everybody, deps);
    await checkpointRoutes(everybody, deps);
    await publicRegistryRoutes(everybody, deps);
    await publicCatalogueRoutes(everybody, deps);
    await verifyRoutes(everybody, deps);
    await editionRoutes(everybody, deps);
    await statisticsRoutes(everybody, deps);
  });

  await app.register(async (agencies) => {
    keepNowhere(agencies);
    await agencies.register(pressure);
    await agencies.register(staleness, deps);
    const failures = limitFailures(clock, settings.rateLimit);
    await agencies.register(authentication, { verifyToken, operatorKey, failures, findAgency: (id) => findAgency(store, id) });
    await limitAgencies(agencies, settings.rateLimit);
    await transactionRoutes(agencies, deps);
    await registryRoutes(agencies, deps);
    await catalogueRoutes(agencies, deps);
    await caseRoutes(agencies, deps);
    await certificateRoutes(agencies, deps);
    await grantRoutes(agencies, deps);
    await subjectRoutes(agencies, deps);
    await personRoutes(agencies, deps);
    await traceRoutes(agencies, deps);
    await anchorRoutes(agencies, deps);
    await receiptRoutes(agencies, deps);
    await auditRoutes(agencies, deps);
    await evidenceRoutes(agencies, deps);
  });

  await app.register(docsPage);
  return app;
}
