/** Lists in pages: `limit`, an opaque `cursor`, and `Link: rel="next"` (RFC 8288). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static, type TProperties } from 'typebox';
import { Closed } from '../../chaincode/schemas/primitives.js';
import { ordinal } from '../../chaincode/state/keys.js';
import { Problem } from './problem.js';

const DEFAULT_LIMIT = 50;

const PageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: DEFAULT_LIMIT, description: 'items in a page' })),
  cursor: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]{1,512}$', screened: false, description: 'nextCursor of the page before' }),
  ),
};

/** The query of a list: what it filters by, and the page. */
export function ListQuery<P extends TProperties>(filters: P) {
  return Closed({ ...filters, ...PageParameters });
}

export type PageQuery = Static<ReturnType<typeof ListQuery<Record<never, never>>>>;

export interface Page {
  readonly limit: number;
  /** the sort key of the last item shown; undefined for the first page */
  readonly after: string | undefined;
}

/** A cursor holds the sort key of the last item, and the list it belongs to. */
function encodeCursor(list: string, last: string): string {
  return Buffer.from(JSON.stringify([list, last])).toString('base64url');
}

function decodeCursor(list: string, cursor: string): string {
  try {
    const [of, last] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (of === list && typeof last === 'string' && encodeCursor(list, last) === cursor) return last;
  } catch {
    // falls through to the refusal: whatever is wrong with it, it is not one of ours
  }
  throw new Problem('request.invalid', { errors: [{ path: '/cursor', message: 'not a cursor of this list' }] });
}

/** @throws Problem `request.invalid` for a cursor of another list */
export function pageOf(list: string, query: { readonly limit?: number; readonly cursor?: string }): Page {
  return {
    limit: query.limit ?? DEFAULT_LIMIT,
    after: query.cursor === undefined ? undefined : decodeCursor(list, query.cursor),
  };
}

export interface Listed {
  /** what the list is sorted by; ASCII, unique */
  readonly key: string;
}

/** Answers a page of a list that is short enough to be at hand as a whole, in its order. */
export function sendPageOf(
  request: FastifyRequest,
  reply: FastifyReply,
  list: string,
  query: PageQuery,
  items: readonly unknown[],
): { items: unknown[]; nextCursor?: string } {
  const page = pageOf(list, query);
  const numbered = items.map((item, index) => ({ key: ordinal(index), item }));
  const rows = numbered.filter(({ key }) => page.after === undefined || key > page.after);
  return sendPage(request, reply, list, page, rows, ({ item }) => item);
}

/**
 * Answers a page. `rows` were read with `limit + 1`, so that the last one tells whether there are more.
 */
export function sendPage<R extends Listed>(
  request: FastifyRequest,
  reply: FastifyReply,
  list: string,
  { limit }: Page,
  rows: readonly R[],
  show: (row: R) => unknown,
): { items: unknown[]; nextCursor?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(show);
  if (rows.length <= limit || !last) return { items };
  const nextCursor = encodeCursor(list, last.key);
  const next = new URL(request.url, 'http://here');
  next.searchParams.set('cursor', nextCursor);
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
  return { items, nextCursor };
}
