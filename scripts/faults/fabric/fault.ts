import type { Drill } from './drill.js';

/** A fault of the running network. */
export interface FabricFault {
  readonly what: string;
  readonly run: (drill: Drill) => Promise<void>;
  /** why it cannot be run here; undefined when it can */
  readonly missing?: () => string | undefined;
}
