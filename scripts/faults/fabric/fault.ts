import type { Drill, Report } from './drill.js';

interface Described {
  readonly what: string;
  /** why it cannot be run here; undefined when it can */
  readonly missing?: () => string | undefined;
}

/** A fault of the network that all such faults share. */
export interface FabricFault extends Described {
  readonly run: (drill: Drill) => Promise<void>;
}

/** A fault that makes a network for itself. */
export interface OwnNetworkFault extends Described {
  readonly alone: () => Promise<Report>;
}
