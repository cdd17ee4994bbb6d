/** What is known of a code over all its versions: the latest, and the one that is published. */
import { load, type Tx } from '../../runtime/tx.js';
import { Code, OneOf, VersionNumber } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { CATALOGUE_KINDS, type CatalogueKind } from './catalogue-version.js';

export interface CatalogueHeadRecord {
  readonly kind: CatalogueKind;
  readonly code: string;
  /** the number of versions */
  readonly latest: number;
  /** the version that is published or suspended; absent before the first publication and after a withdrawal */
  readonly published?: number;
  /** the number of guides */
  readonly guides?: number;
  readonly recordedAt: string;
}

/** What the path of a version's verbs carries. */
export const VERSION_PATH = { kind: OneOf(CATALOGUE_KINDS), code: Code, version: VersionNumber };

export function headKey(kind: CatalogueKind, code: string): string {
  return key('catalogue-head', kind, code);
}

/** @throws Refusal `catalogue.not-found` */
export function loadHead(tx: Tx, kind: CatalogueKind, code: string): Promise<CatalogueHeadRecord> {
  return load(tx, headKey(kind, code), 'catalogue.not-found', `${kind}/${code}`);
}
