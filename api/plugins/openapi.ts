/** `/openapi.json`, made from the routes themselves, and `/docs`, a page to read and try it. */
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { AnyObject, readDocument } from '../routes/document.js';

/** Keywords of ours: what they say is in descriptions and problems, and no reader of the document knows them. */
const OWN_KEYWORDS = new Set(['errorCode', 'screened', 'creditCode', 'instant', 'clientId']);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OWN_KEYWORDS.has(name))
      .map(([name, item]) => [name, plain(item)]),
  );
}

const INFO = {
  title: '长三角“一网通办”信任账本 Yangtze River Delta one-network trust ledger',
  version: '1',
  description: [
    '四省市政务服务“一网通办”的存证账本接口：办件移交、电子证照、数据授权与共享目录。',
    'Evidence ledger of the one-network government service of four provinces: case hand-offs, certificates, data grants and the shared catalogue.',
    '错误一律为 RFC 9457 问题详情，语言随 Accept-Language。 Errors are RFC 9457 problems in the language of Accept-Language.',
    '写入可带 Idempotency-Key 安全重试。 Writes may carry an Idempotency-Key and be repeated safely.',
  ].join('\n\n'),
};

interface Bodied {
  readonly requestBody?: {
    required?: boolean;
    readonly content: Record<string, { readonly schema?: { readonly properties?: object } }>;
  };
}

/** A write with no listed fields takes no body as well as `{}`; the generator calls every body required. */
function letBodiesBeAbsent(paths: Record<string, Record<string, Bodied>>): void {
  for (const { requestBody } of Object.values(paths).flatMap((methods) => Object.values(methods)))
    if (requestBody)
      requestBody.required = Object.values(requestBody.content).some(
        ({ schema }) => schema?.properties === undefined || Object.keys(schema.properties).length > 0,
      );
}

export const openApi = fastifyPlugin(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: INFO,
        components: {
          securitySchemes: {
            token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            certificate: { type: 'mutualTLS' } as never,
          },
        },
      },
      transform: ({ schema, url }) => ({ schema: plain(schema) as typeof schema, url }),
    });
  },
  { name: 'openapi' },
);

/** Its own scope: the page runs scripts, which no other answer may. */
export async function docsPage(scope: FastifyInstance): Promise<void> {
  // The page brings its own content security policy, which names its scripts by their hashes.
  await scope.register(helmet, {
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  await scope.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, tryItOutEnabled: false, url: '/openapi.json' },
  });
}

export async function openApiRoute(scope: FastifyInstance): Promise<void> {
  let text: string | undefined;
  const schema = readDocument({
    tag: 'operations',
    summary: { zh: '接口文档（OpenAPI 3.1）', en: 'This document: OpenAPI 3.1' },
    open: true,
    answer: AnyObject,
  });
  scope.get('/openapi.json', { schema }, async (_request, reply) => {
    if (text === undefined) {
      const document = scope.swagger();
      letBodiesBeAbsent(document.paths as Record<string, Record<string, Bodied>>);
      text = JSON.stringify(document);
    }
    return reply.type('application/json; charset=utf-8').send(text);
  });
}
