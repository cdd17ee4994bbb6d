/** Every fault of the real network, by name. */
import type { FabricFault } from '../fault.js';
import { LIARS } from './liars.js';
import { LINK_FAULTS } from './links.js';
import { NODE_FAULTS } from './nodes.js';
import { RACES } from './races.js';

export const FABRIC_FAULTS: Readonly<Record<string, FabricFault>> = { ...NODE_FAULTS, ...LINK_FAULTS, ...LIARS, ...RACES };
