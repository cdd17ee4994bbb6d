/**
 * The registrar 登记机构 of each province that genesis knows: its data administration 数据局. The codes
 * are valid by GB 32100 and made up, with letters in them so that none reads as a citizen number.
 */
import type { ProvinceCode } from '../chaincode/provinces.js';

export interface Registrar {
  readonly province: ProvinceCode;
  readonly agencyId: string;
}

export const REGISTRARS: readonly Registrar[] = [
  { province: '310000', agencyId: '11310000MB0D3101X4' },
  { province: '320000', agencyId: '11320000MB0D32012U' },
  { province: '330000', agencyId: '11330000MB0D33015G' },
  { province: '340000', agencyId: '11340000MB0D340185' },
];
