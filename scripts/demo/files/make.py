"""Makes the demonstration documents in this folder: PDF with embedded Chinese fonts, scans and a recording.

    pip install reportlab pypdf pillow fonttools
    apt-get install fonts-arphic-gbsn00lp fonts-arphic-gkai00mp poppler-utils imagemagick
    python3 make.py

Every paper is marked as a specimen, names an invented company or nobody, and holds no personal data.
The files in git are what the scenarios use; running this again replaces them all.
"""
from reportlab.lib.pagesizes import A4, landscape

from drawing import annotated, document, recording, scan, site_plan


def enterprise_papers():
    document("chain-licence.pdf", "营业执照", "Business Licence", [
        ("名　　称", "申江味道餐饮管理有限公司（演示）"), ("类　　型", "有限责任公司"), ("住　　所", "上海市长宁区演示路 1 号"),
        ("经营范围", "餐饮服务；餐饮管理；食品销售"), ("成立日期", "2019 年 6 月 18 日")],
        "登记机关：上海市市场监督管理局", "上海市市场监督管理局", landscape(A4))
    document("food-application.pdf", "食品经营许可申请书", "Application for a Food Operation Licence", [
        ("申 请 人", "申江味道餐饮管理有限公司苏州观前店（演示）"), ("经营场所", "江苏省苏州市姑苏区演示街 8 号"),
        ("主体业态", "餐饮服务经营者（中型餐馆）"), ("经营项目", "热食类食品制售；冷食类食品制售；自制饮品制售"),
        ("办理方式", "上海市长宁区政务服务中心远程虚拟窗口\n远程帮办，苏州市行政审批部门审批")],
        "申请日期：2026 年 11 月", None)
    plan = [("热厨区", (60, 80, 300, 250), "#fde8d0"), ("冷荤间", (300, 80, 470, 250), "#d9ecf7"),
            ("就餐区", (60, 250, 560, 430), "#eef5e6"), ("仓库", (560, 250, 700, 430), "#eeeeee")]
    site_plan("site-plan.png", plan, "第一稿：未标注餐具清洗消毒区")
    site_plan("site-plan-corrected.png", plan + [("清洗消毒区", (470, 80, 700, 250), "#f3e3f5")], "更正稿：已标注餐具清洗消毒区")
    document("staff.pdf", "从业人员健康证明汇总", "Staff Health Certificates, Summary", [
        ("人　　数", "8 人"), ("体检结果", "均符合从事接触直接入口食品工作的要求"), ("有效期至", "2027 年 9 月 30 日"),
        ("说　　明", "仅列人数，不列姓名及证件号码")], "出具单位：演示体检中心", None)
    scan("staff-health.jpg", "staff.pdf", 0.6)
    document("food-licence.pdf", "食品经营许可证", "Food Operation Licence", [
        ("经营者名称", "申江味道餐饮管理有限公司苏州观前店（演示）"), ("经营场所", "江苏省苏州市姑苏区演示街 8 号"),
        ("主体业态", "餐饮服务经营者"), ("经营项目", "热食类食品制售；冷食类食品制售；自制饮品制售"),
        ("有效期限", "2026 年 11 月 1 日至 2031 年 10 月 31 日")],
        "发证机关：江苏省苏州市行政审批局", "苏州市行政审批局", landscape(A4))
    annotated("food-licence-annotated.pdf", "food-licence.pdf",
              ["加注件：仅供外卖入驻审核", "For this purpose only"])
    document("seat-resolution.pdf", "股东会决议", "Shareholders' Resolution on Moving the Seat", [
        ("公司名称", "钱塘智造科技有限公司（演示）"), ("决议事项", "住所由浙江省杭州市迁至江苏省苏州市"),
        ("表决结果", "代表全部表决权的股东一致同意")], "2026 年 10 月 20 日", None)
    for name, place, issuer in [("licence-hangzhou.pdf", "浙江省杭州市滨江区演示路 66 号", "杭州市市场监督管理局"),
                                ("licence-suzhou.pdf", "江苏省苏州市工业园区演示大道 99 号", "苏州市行政审批局")]:
        document(name, "营业执照", "Business Licence", [
            ("名　　称", "钱塘智造科技有限公司（演示）"), ("类　　型", "有限责任公司"), ("住　　所", place),
            ("经营范围", "智能装备制造；软件开发；技术服务")], f"登记机关：{issuer}", issuer, landscape(A4))
    document("winding-up-report.pdf", "清算报告", "Liquidation Report", [
        ("公司名称", "江淮通达物流有限公司（演示）"), ("清算结论", "债权债务清理完毕，剩余财产已分配"),
        ("分支机构", "江苏、浙江分公司已先行注销")], "清算组", None)
    document("logistics-licence.pdf", "营业执照", "Business Licence", [
        ("名　　称", "江淮通达物流有限公司（演示）"), ("类　　型", "有限责任公司"), ("住　　所", "安徽省合肥市蜀山区演示路 5 号"),
        ("经营范围", "道路货物运输；仓储服务")], "登记机关：安徽省市场监督管理局", "安徽省市场监督管理局", landscape(A4))


def personal_papers():
    document("birth-certificate.pdf", "出生医学证明", "Medical Certificate of Birth", [
        ("新生儿姓名", "（演示，不填写）"), ("出生日期", "2026 年 10 月"), ("出生地点", "江苏省南京市演示妇幼保健院"),
        ("母亲、父亲", "（演示，不填写）"), ("说　　明", "样张不含任何个人信息")],
        "签发机构：江苏省卫生健康委员会", "江苏省卫生健康委员会")
    document("household.pdf", "户口登记申请表", "Application for Household Registration", [
        ("登记类别", "出生登记（随父或随母）"), ("落户地", "上海市普陀区"), ("申 报 人", "（演示，不填写）")], "2026 年 11 月", None)
    scan("household-application.jpg", "household.pdf", -0.8)
    document("household-entry.pdf", "常住人口登记卡", "Entry in the Household Register", [
        ("户　　别", "家庭户"), ("登记事项", "出生登记"), ("登记日期", "2026 年 11 月")],
        "登记机关：上海市公安局", "上海市公安局")
    document("insurance-enrolment.pdf", "城乡居民基本医疗保险参保凭证", "Proof of Enrolment in Medical Insurance", [
        ("参保类别", "城乡居民（新生儿）"), ("参保地", "上海市"), ("待遇起始", "自出生之日起")],
        "经办机构：上海市医疗保障局", "上海市医疗保障局")
    document("social-card.pdf", "社会保障卡申领回执", "Receipt for a Social Security Card", [
        ("卡　　种", "第三代社会保障卡"), ("领取方式", "邮寄到家"), ("办理渠道", "“出生一件事”联办")],
        "经办机构：上海市人力资源和社会保障局", "上海市人力资源和社会保障局")
    document("aid-rule.pdf", "困难学生资助免申请规则", "Rule for Aid without an Application", [
        ("规则编号", "AH-EDU-AID-2026"), ("适用对象", "安徽户籍低保、特困家庭在浙就读学生"),
        ("数据依据", "民政部门困难认定、教育部门学籍"), ("触发条件", "两项同时成立即推送，不需申请")],
        "2026 年 9 月 1 日起施行", None)
    document("aid-decision.pdf", "资助决定书", "Decision on Student Aid", [
        ("资助项目", "国家助学金（困难学生）"), ("决定结果", "予以资助"), ("发放方式", "直接发放")],
        "决定机关：浙江省教育厅", "浙江省教育厅")
    document("claim-form.pdf", "异地就医医疗费用报销申请表", "Claim for Medical Costs Elsewhere", [
        ("参保地", "安徽省合肥市"), ("就医地", "上海市"), ("代收窗口", "上海市长宁区政务服务中心异地代收窗口"),
        ("随附材料", "收费票据、出院小结各一份")], "2026 年 11 月", None)
    document("discharge-summary.pdf", "出院小结", "Discharge Summary", [
        ("就诊医院", "上海市演示医院"), ("内　　容", "（演示，不含诊疗信息）")], "2026 年 10 月", "上海市演示医院")
    document("invoice.pdf", "医疗住院收费票据", "Hospital Invoice", [
        ("收款单位", "上海市演示医院"), ("项　　目", "住院费用"), ("金　　额", "人民币 （演示）")], "2026 年 10 月", "上海市演示医院")
    scan("medical-invoice.jpg", "invoice.pdf", 1.1)
    for name, pieces in [("parcel-list.pdf", "申请表 1、票据 1、出院小结 1，共 3 件"), ("parcel-list-corrected.pdf", "申请表 1、票据 2、出院小结 1，共 4 件")]:
        document(name, "封装清单", "Parcel List", [("封装内容", pieces), ("封装方式", "防拆封条，双人核对")], "上海市长宁区政务服务中心", None)


def common_papers():
    document("window-standard.pdf", "长三角跨省通办窗口服务规范", "Service Standard of Cross-Province Windows", [
        ("适用范围", "签约服务中心及异地网办专员"), ("窗口职责", "咨询、帮办、代收、身份核验"),
        ("办理要求", "统一标识、统一流程、全程留痕、限时交接")], "四省市数据主管部门共同制定", None)
    document("assist-standard.pdf", "远程虚拟窗口帮办规范", "Service Standard of Remote Virtual Windows", [
        ("适用范围", "音视频连线、屏幕共享、高拍仪核验"), ("身份核验", "核验方式与结果摘要上链，不留存影像"),
        ("记录保存", "录音录像摘要上链，原件由服务中心保存")], "四省市数据主管部门共同制定", None)
    document("centre-contract.pdf", "跨省通办窗口合作协议", "Agreement between Service Centres", [
        ("合作方", "四省市签约政务服务中心"), ("合作内容", "互设窗口、互派专员、互收材料"), ("有效期", "2026 年至 2029 年")],
        "各方签署", None)
    recording("session-recording.wav")


enterprise_papers()
personal_papers()
common_papers()
