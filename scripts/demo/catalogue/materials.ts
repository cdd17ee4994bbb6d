/** What applicants hand in 申请材料, by code. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  application: ['申请表', 'Application form'],
  'business-licence': ['营业执照', 'Business licence'],
  'site-plan': ['经营场所平面图', 'Floor plan of the premises'],
  'staff-health': ['从业人员健康证明', 'Staff health certificates'],
  'food-safety-rules': ['食品安全管理制度', 'Food safety rules'],
  articles: ['公司章程', 'Articles of association'],
  resolution: ['股东会决议', "Shareholders' resolution"],
  'lease-contract': ['住所使用证明', 'Proof of use of the premises'],
  'staff-list': ['职工名册', 'Staff list'],
  'tax-clearance': ['清税证明', 'Tax clearance'],
  'liquidation-report': ['清算报告', 'Liquidation report'],
  'creditor-notice': ['债权人公告', 'Notice to creditors'],
  'vehicle-list': ['车辆清单', 'Vehicle list'],
  'construction-contract': ['施工合同', 'Construction contract'],
  'design-review': ['施工图审查合格书', 'Design review certificate'],
  'research-contract': ['研发服务合同', 'Research service contract'],
  'birth-certificate': ['出生医学证明', 'Medical certificate of birth'],
  'household-application': ['户口登记申请表', 'Application for household registration'],
  'household-register': ['户口簿', 'Household register'],
  'marriage-certificate': ['结婚证', 'Marriage certificate'],
  'identity-card': ['居民身份证', 'Identity card'],
  photograph: ['证件照片', 'Photograph'],
  'school-record': ['学籍证明', 'School record'],
  'hardship-proof': ['家庭经济困难认定', 'Finding of hardship'],
  'employment-contract': ['劳动合同', 'Employment contract'],
  'title-certificate': ['职称证书', 'Certificate of professional title'],
  'deposit-record': ['公积金缴存明细', 'Record of housing fund deposits'],
  'purchase-contract': ['购房合同', 'Contract of purchase'],
  'driving-licence': ['机动车驾驶证', 'Driving licence'],
  'medical-examination': ['身体条件证明', 'Medical examination'],
  'claim-form': ['费用报销申请表', 'Claim form'],
  'medical-invoice': ['医疗收费票据', 'Hospital invoice'],
  'discharge-summary': ['出院小结', 'Discharge summary'],
  'disability-assessment': ['残疾评定表', 'Disability assessment'],
  'care-assessment': ['失能等级评估', 'Assessment of care need'],
  'death-certificate': ['死亡医学证明', 'Medical certificate of death'],
  'funeral-receipt': ['殡葬费用票据', 'Funeral receipt'],
  'bank-account': ['银行账户信息承诺书', 'Statement of bank account'],
};

/** A material as catalogue entries name it; `?` at the end of the code says that it may be left out. */
export function material(spec: string): { code: string; name: { zh: string; en: string }; required: boolean } {
  const code = spec.replace(/\?$/, '');
  const name = NAMES[code];
  if (!name) throw new Error(`no material ${code}`);
  return { code, name: { zh: name[0], en: name[1] }, required: code === spec };
}
