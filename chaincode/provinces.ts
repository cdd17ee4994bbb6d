/** The four members: division code (GB/T 2260), Fabric MSP id, names. Everything else derives from this table. */
export const PROVINCES = [
  { code: '310000', mspId: 'ShanghaiMSP', slug: 'shanghai', name: { zh: '上海市', en: 'Shanghai' } },
  { code: '320000', mspId: 'JiangsuMSP', slug: 'jiangsu', name: { zh: '江苏省', en: 'Jiangsu' } },
  { code: '330000', mspId: 'ZhejiangMSP', slug: 'zhejiang', name: { zh: '浙江省', en: 'Zhejiang' } },
  { code: '340000', mspId: 'AnhuiMSP', slug: 'anhui', name: { zh: '安徽省', en: 'Anhui' } },
] as const;

export type Province = (typeof PROVINCES)[number];
export type ProvinceCode = Province['code'];
export type MspId = Province['mspId'];

export const PROVINCE_CODES = PROVINCES.map((province) => province.code);

export function provinceOfMsp(mspId: string): Province | undefined {
  return PROVINCES.find((province) => province.mspId === mspId);
}

export function provinceOf(code: ProvinceCode): Province {
  const found = PROVINCES.find((province) => province.code === code);
  if (!found) throw new Error(`no province ${code}`);
  return found;
}
