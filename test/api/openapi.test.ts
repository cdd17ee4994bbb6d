import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../api/http/problem-table.js';
import { DENIAL_REASONS } from '../../chaincode/transactions/grant/denial.js';
import { ApiWorld } from '../support/api-world.js';

interface Operation {
  readonly summary?: string;
  readonly tags?: string[];
  readonly security?: object[];
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: { required: boolean; content: Record<string, unknown> };
  readonly responses: Record<string, { description: string; content?: Record<string, unknown> }>;
}

describe('the document of the API', () => {
  let world: ApiWorld;
  let paths: Record<string, Record<string, Operation>>;
  let text: string;
  const routes: { method: string; url: string }[] = [];
  beforeAll(async () => {
    world = await ApiWorld.create();
    const answer = await world.get('/openapi.json');
    text = answer.text;
    expect(answer.body.openapi).toBe('3.1.0');
    paths = answer.body.paths;
    const tree = world.service.app.printRoutes({ commonPrefix: false, includeHooks: false });
    for (const { path, methods } of readTree(tree)) for (const method of methods) routes.push({ method, url: path });
  });
  afterAll(() => world.close());

  const operations = () =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
    );

  it('asks for a body exactly where there are fields to fill in', () => {
    const required = (path: string) => paths[path]?.post?.requestBody?.required;
    expect(['/v1/cases/{caseId}/closure', '/v1/features/{feature}/approvals'].map(required)).toEqual([false, false]);
    expect(['/v1/cases', '/v1/verify', '/v1/anchors'].map(required)).toEqual([true, true, true]);
  });

  it('has every route that there is, and no other', () => {
    const undocumented = ['/docs'];
    const expected = routes
      .filter(({ method, url }) => method !== 'HEAD' && !undocumented.some((path) => url.startsWith(path)) && url !== '*')
      .map(({ method, url }) => `${method.toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`)
      .sort();
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(expected);
    expect(expected.length).toBeGreaterThan(80);
  });

  it('has every route that the README says serves the regulations', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const table = readme.split('## What the regulations ask, and what serves it')[1]?.split('\n## ')[0] ?? '';
    const bare = (path: string) => path.replace(/\{\w+\}/g, '{}');
    const known = operations().map(({ method, path }) => `${method.toUpperCase()} ${bare(path)}`);
    const named = [...table.matchAll(/`((?:GET|POST|DELETE) )?(\/v1\/|…\/)?([\w{}/-]+)`/g)]
      .map(([, method = '', begin, rest]) => ({ method, begin, rest: bare(rest as string) }))
      .filter(({ method, begin }) => method !== '' || begin !== undefined);
    expect(named.length).toBeGreaterThan(12);
    for (const { method, begin, rest } of named) {
      const fits = (name: string) =>
        begin === '/v1/' ? name === `${method}/v1/${rest}` : name.startsWith(method) && name.endsWith(`/${rest}`);
      expect(known.some(fits), `${method}${begin}${rest}`).toBe(true);
    }
  });

  it('names every operation in both languages, and groups it', () => {
    for (const { name, operation } of operations()) {
      expect(operation.summary, name).toMatch(/\p{Script=Han}.* [A-Z][A-Za-z]/u);
      expect(operation.tags, name).toHaveLength(1);
    }
  });

  it('says of each operation whether it asks who calls, and how errors look', () => {
    for (const { name, operation } of operations()) {
      const isOpen = operation.security?.length === 0;
      expect(isOpen, name).toBe(!('401' in operation.responses));
      const isReadiness = name === 'get /readyz';
      for (const status of isReadiness ? ['400', '500'] : ['400', '429', '500', '503'])
        expect(Object.keys(operation.responses[status]?.content ?? {}), `${name} ${status}`).toEqual([
          'application/problem+json',
        ]);
    }
  });

  it('says of each write what it takes, answers and may repeat', () => {
    const writes = operations().filter(({ operation }) => '202' in operation.responses);
    expect(writes.length).toBeGreaterThan(50);
    for (const { name, operation } of writes) {
      expect(
        operation.parameters?.map((parameter) => parameter.name),
        name,
      ).toContain('idempotency-key');
      // A stream is answered once it is on the disk, and never otherwise.
      const isAnswered = ['200', '201'].some((status) => status in operation.responses);
      expect(isAnswered, name).toBe(name !== 'post /v1/anchors');
      expect(operation.responses['409']?.description, name).toContain('idempotency.in-progress');
    }
  });

  it('tells denied uses under 403, with which they come', () => {
    const responses = operations().find(({ name }) => name === 'post /v1/grants/{grantId}/uses')?.operation.responses ?? {};
    for (const reason of DENIAL_REASONS) {
      expect(responses['403']?.description).toContain(`\`${reason}\``);
      for (const status of ['409', '422']) expect(responses[status]?.description ?? '').not.toContain(`\`${reason}\``);
    }
  });

  it('names only codes that there are', () => {
    const named = new Set([...text.matchAll(/`([a-z]+\.[a-z-]+)` /g)].map((match) => match[1] as string));
    expect([...named].filter((code) => !(PROBLEM_CODES as string[]).includes(code))).toEqual([]);
    expect(named.size).toBeGreaterThan(60);
  });

  it('has none of our own keywords in its schemas', () => {
    for (const keyword of ['errorCode', 'screened', 'creditCode', 'clientId']) expect(text).not.toContain(`"${keyword}"`);
  });

  it('has a page whose scripts are named by their hashes and come from here alone', async () => {
    const page = await world.get('/docs');
    expect(page.status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).toContain("script-src 'self'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    const scripts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
    expect(scripts.length).toBeGreaterThan(3);
    for (const path of scripts.filter((source) => !source.startsWith('data:')))
      expect((await world.get(new URL(path, 'http://x/docs/').pathname)).status, path).toBe(200);
  });
});

/** Fastify prints its routes as a tree: four columns a level, methods in brackets. */
function readTree(tree: string): { path: string; methods: string[] }[] {
  const parents: string[] = [];
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const match = /^([\s│├└─]*)(\S*)(?: \(([^)]*)\))?$/.exec(line);
      if (!match) throw new Error(`cannot read ${line}`);
      const [, indent = '', part = '', methods] = match;
      const level = indent.length / 4;
      parents.length = level;
      parents[level - 1] = part;
      const path = parents.join('');
      return methods ? [{ path, methods: methods.split(', ') }] : [];
    });
}
