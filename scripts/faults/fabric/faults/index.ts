/** Every fault of the real network, by name. */
import { namespacesMissing } from '../../../network/namespaces.js';
import type { FabricFault, OwnNetworkFault } from '../fault.js';
import { API_FAULTS } from './api.js';
import { CLOCK_FAULTS } from './clocks.js';
import { CODE_FAULTS } from './code.js';
import { DISK_FAULTS } from './disk.js';
import { LIARS } from './liars.js';
import { LINK_FAULTS } from './links.js';
import { NODE_FAULTS } from './nodes.js';
import { OLD_PEERS } from './old-peers.js';
import { partition, THREE_AND_ONE, TWO_AND_TWO } from './partitions.js';
import { RACES } from './races.js';

const PARTITIONS: Readonly<Record<string, OwnNetworkFault>> = {
  'parted-2-2': {
    what: 'two provinces are parted from the two others',
    missing: namespacesMissing,
    alone: () => partition(TWO_AND_TWO),
  },
  'parted-3-1': {
    what: 'one province is parted from the three others',
    missing: namespacesMissing,
    alone: () => partition(THREE_AND_ONE),
  },
};

export const FABRIC_FAULTS: Readonly<Record<string, FabricFault | OwnNetworkFault>> = {
  ...API_FAULTS,
  ...NODE_FAULTS,
  ...LINK_FAULTS,
  ...CLOCK_FAULTS,
  ...LIARS,
  ...CODE_FAULTS,
  ...DISK_FAULTS,
  ...OLD_PEERS,
  ...RACES,
  ...PARTITIONS,
};
