/** One line of the authorisation matrix: a route, and who is answered with success. */
import type { ProvinceCode } from '../../../chaincode/provinces.js';
import type { Role } from '../../../chaincode/roles.js';
import type { ApiAgency } from '../api-world.js';
import type { GridActor, Stage } from './stage.js';

export interface Attempt {
  readonly path: string;
  readonly body?: unknown;
}

export interface OwnAttempt extends Attempt {
  /** whose thing it is, or whom the rules name for this step */
  readonly by: ApiAgency;
}

export interface Row {
  /**
   * Who succeeds with things that belong to other agencies, or to nobody. `everybody` needs no token;
   * a list names roles; a function decides by role and province.
   */
  readonly foreign: 'everybody' | 'agencies' | 'nobody' | readonly Role[] | ((actor: GridActor) => boolean);
  /** asked anew for each actor who is to succeed, and once for all the others unless `perActor` */
  readonly attempt: (stage: Stage, actor: GridActor) => Promise<Attempt> | Attempt;
  /** the body names the actor's own province */
  readonly perActor?: boolean;
  /** for things that belong to somebody: which single role is enough for whom they belong to */
  readonly own?: {
    readonly roles: readonly Role[] | 'any';
    readonly attempt: (stage: Stage, province: ProvinceCode) => Promise<OwnAttempt>;
  };
}

/** `POST /v1/cases` → its row */
export type Rows = Readonly<Record<string, Row>>;

export function succeedsAbroad({ foreign }: Row, actor: GridActor | undefined): boolean {
  if (foreign === 'everybody') return true;
  if (!actor || foreign === 'nobody') return false;
  if (foreign === 'agencies') return true;
  return typeof foreign === 'function' ? foreign(actor) : foreign.includes(actor.role);
}
