/**
 * A transaction is one value of this shape in a file of its own: who may send it, what it takes, what
 * it does. The contract runs it, the API derives route, body schema and OpenAPI from it.
 */
import Type, { type Static, type TObject, type TProperties } from 'typebox';
import type { Role } from '../roles.js';
import type { Tx } from './tx.js';

export type ContractName = 'registry' | 'catalogue' | 'case' | 'certificate' | 'grant' | 'subject' | 'anchor';

/** What a transaction answers: the record as it now stands. */
export type Answer = Record<string, unknown>;

export interface TransactionDefinition {
  readonly contract: ContractName;
  readonly name: string;
  /** any one of these roles is enough; 'any' asks only for an active agency */
  readonly roles: readonly Role[] | 'any';
  /** fields that the HTTP path carries */
  readonly path: TObject;
  /** fields that the HTTP body carries */
  readonly body: TObject;
  /** fields that the API adds on its own; in the ledger's input only */
  readonly attached: TObject;
  /** the ledger's whole input: path, body and attached fields side by side */
  readonly input: TObject;
  readonly apply: (tx: Tx, input: never) => Promise<Answer>;
}

interface Parts<P extends TProperties, B extends TProperties, A extends TProperties> {
  readonly contract: ContractName;
  readonly name: string;
  readonly roles: readonly Role[] | 'any';
  readonly path: P;
  readonly body: B;
  readonly attached?: A;
  readonly apply: (tx: Tx, input: Static<TObject<P>> & Static<TObject<B>> & Static<TObject<A>>) => Promise<Answer>;
}

/** Fixes a transaction's types from its schemas. */
export function defineTransaction<
  const P extends TProperties,
  const B extends TProperties,
  // biome-ignore lint/complexity/noBannedTypes: the empty property set
  const A extends TProperties = {},
>(parts: Parts<P, B, A>): TransactionDefinition {
  const closed = { additionalProperties: false } as const;
  const attached = parts.attached ?? ({} as A);
  return {
    contract: parts.contract,
    name: parts.name,
    roles: parts.roles,
    path: Type.Object(parts.path, closed),
    body: Type.Object(parts.body, closed),
    attached: Type.Object(attached, closed),
    input: Type.Object({ ...parts.path, ...parts.body, ...attached }, closed),
    apply: parts.apply as TransactionDefinition['apply'],
  };
}
