"""Questions about one's own record: a fixed list, each with ways in which people ask it. Pure."""

from enum import StrEnum

from vssid.kernel.labels import N_, Label


class Intent(StrEnum):
    """What the assistant answers from the record of who is signed in."""

    CARD_VALID = "card_valid"
    BENEFIT_LEVEL = "benefit_level"
    HOW_LONG = "how_long"
    LATE_OR_GAPS = "late_or_gaps"
    LAST_BENEFIT = "last_benefit"
    LAST_VISIT = "last_visit"
    MY_FACILITY = "my_facility"
    CHILDREN_CARDS = "children_cards"
    MY_DECLARATION = "my_declaration"
    WHO_LOOKED = "who_looked"
    MY_FEEDBACK = "my_feedback"

    @property
    def heading(self) -> Label:
        """What the answer is about."""
        return _INTENTS[self][0]

    @property
    def address(self) -> str:
        """The page that has the whole."""
        return _INTENTS[self][1]

    def phrases(self, language: str) -> tuple[str, ...]:
        """Ways to ask."""
        return tuple(PHRASES[self].get(language, "").split("|"))


_INTENTS = {
    Intent.CARD_VALID: (N_("Thẻ BHYT của bạn"), "/ca-nhan/the-bhyt"),
    Intent.BENEFIT_LEVEL: (N_("Mức hưởng BHYT của bạn"), "/ca-nhan/the-bhyt"),
    Intent.HOW_LONG: (N_("Thời gian bạn đã đóng"), "/ca-nhan/qua-trinh"),
    Intent.LATE_OR_GAPS: (N_("Tháng chậm đóng, tháng không đóng"), "/ca-nhan/qua-trinh"),
    Intent.LAST_BENEFIT: (N_("Khoản bạn đã hưởng"), "/ca-nhan/thong-tin-huong"),
    Intent.LAST_VISIT: (N_("Lần khám của bạn"), "/ca-nhan/so-kham"),
    Intent.MY_FACILITY: (N_("Nơi đăng ký khám ban đầu của bạn"), "/ca-nhan/the-bhyt"),
    Intent.CHILDREN_CARDS: (N_("Thẻ BHYT của con bạn"), "/ca-nhan/gia-dinh"),
    Intent.MY_DECLARATION: (N_("Tờ khai của bạn"), "/to-khai"),
    Intent.WHO_LOOKED: (N_("Ai đã xem hồ sơ của bạn"), "/tai-khoan/du-lieu/ai-da-xem"),
    Intent.MY_FEEDBACK: (N_("Phản ánh của bạn"), "/ho-tro/phan-anh/cua-toi"),
}

PHRASES: dict[Intent, dict[str, str]] = {
    Intent.CARD_VALID: {
        "vi": "Thẻ của tôi còn hạn không?|Thẻ BHYT của tôi dùng được đến bao giờ?|Bảo hiểm y tế của tôi hết hạn ngày nào?|Thẻ tôi còn hiệu lực không?",
        "en": "Is my card still valid?|When does my health insurance card expire?|Until when can I use my card?",
        "ko": "내 건강보험증은 아직 유효한가요?|제 보험증 언제까지 쓸 수 있나요?|내 보험증 만료일은 언제예요?",
        "zh": "我的医保卡还有效吗？|我的医疗保险卡什么时候到期？|我的卡能用到哪天？", "ja": "私の健康保険証はまだ有効ですか|私の保険証の期限はいつですか|私の保険証はいつまで使えますか",
    },
    Intent.BENEFIT_LEVEL: {
        "vi": "Mức hưởng BHYT của tôi là bao nhiêu?|Thẻ của tôi được hưởng bao nhiêu phần trăm?|Tôi được bảo hiểm trả mấy phần trăm?|Mức hưởng của tôi",
        "en": "What is my benefit level?|What percentage does my card cover?|How much coverage do I have on my card?",
        "ko": "제 건강보험 급여 수준은 얼마인가요?|내 보험증은 몇 퍼센트 보장되나요?", "zh": "我的医保待遇水平是多少？|我的卡报销百分之几？", "ja": "私の給付水準はいくつですか|私の保険証は何割負担ですか",
    },
    Intent.HOW_LONG: {
        "vi": "Tôi đóng được bao lâu rồi?|Tôi đóng bảo hiểm xã hội được mấy năm?|Thời gian đóng BHXH của tôi là bao nhiêu năm?|Tôi đã tham gia được bao nhiêu tháng?|Tổng thời gian tôi đã đóng",
        "en": "How long have I paid?|How many years have I contributed?|How many months of social insurance do I have?|My total contribution time",
        "ko": "저는 얼마나 납부했나요?|내 납부 기간은 몇 년인가요?|제 가입기간은 몇 개월인가요?", "zh": "我交了多久社保？|我缴费几年了？|我的缴费年限是多少？", "ja": "私は何年納付しましたか|私の納付期間はどのくらいですか|私の加入期間は何か月ですか",
    },
    Intent.LATE_OR_GAPS: {
        "vi": "Công ty có chậm đóng bảo hiểm cho tôi không?|Tôi bị thiếu tháng nào?|Tháng nào của tôi chưa đóng?|Đơn vị có nợ bảo hiểm của tôi không?|Quá trình đóng của tôi có bị gián đoạn không?",
        "en": "Is my employer late with my contributions?|Which months of mine are missing?|Do I have gaps in my contributions?|Does my employer owe months for me?",
        "ko": "우리 회사가 제 보험료를 체납했나요?|제 납부 내역에 빠진 달이 있나요?|내 미납된 달은 언제예요?", "zh": "我的单位有没有欠缴我的社保？|我哪几个月没缴？|我的缴费有没有断？", "ja": "私の会社は納付が遅れていますか|私の未納の月はありますか|私の納付に空白はありますか",
    },
    Intent.LAST_BENEFIT: {
        "vi": "Tôi đã hưởng chế độ gì?|Tôi đã nhận được khoản trợ cấp nào?|Tiền chế độ của tôi đã có chưa?|Lương hưu của tôi được bao nhiêu?|Trợ cấp của tôi đã giải quyết chưa?",
        "en": "Which benefits have I received?|Has my benefit been decided?|How much is my pension now?|Did I get my allowance?",
        "ko": "제가 받은 급여는 무엇인가요?|내 급여가 결정되었나요?|제 연금은 얼마인가요?|제 수당 나왔어요?", "zh": "我领过哪些待遇？|我的待遇批了吗？|我的养老金是多少？|我的津贴到了吗？", "ja": "私が受けた給付は何ですか|私の給付は決まりましたか|私の年金はいくらですか",
    },
    Intent.LAST_VISIT: {
        "vi": "Năm nay tôi đi khám mấy lần?|Lần khám gần nhất của tôi là khi nào?|Tôi đã đi khám bao nhiêu lần?|Xem các lần khám của tôi",
        "en": "How often have I been to hospital this year?|When was my last visit?|How many visits do I have?|Show my visits",
        "ko": "올해 저는 몇 번 진료를 받았나요?|제 최근 진료는 언제였나요?|내 진료 내역", "zh": "我今年看过几次病？|我上次就诊是什么时候？|我的就诊记录", "ja": "今年私は何回受診しましたか|私の最近の受診はいつですか|私の受診履歴",
    },
    Intent.MY_FACILITY: {
        "vi": "Nơi khám ban đầu của tôi là ở đâu?|Tôi đăng ký khám ở bệnh viện nào?|Thẻ của tôi đăng ký ở đâu?|Bệnh viện đăng ký ban đầu của tôi",
        "en": "Which hospital am I registered at?|What is my registered facility?|Where is my card registered?",
        "ko": "제 등록 의료기관은 어디인가요?|저는 어느 병원에 등록되어 있나요?", "zh": "我登记的医院是哪家？|我的定点医院在哪里？", "ja": "私の登録病院はどこですか|私はどの医療機関に登録されていますか",
    },
    Intent.CHILDREN_CARDS: {
        "vi": "Thẻ của con tôi còn hạn không?|Xem thẻ BHYT của con|Thẻ của các con tôi ở đâu?|Bảo hiểm y tế của bé nhà tôi còn dùng được không?",
        "en": "Is my child's card valid?|Show my children's cards|Where is the card of my son or daughter?",
        "ko": "우리 아이 보험증은 유효한가요?|제 자녀의 보험증을 보여 주세요|아이 보험증 어디서 봐요?", "zh": "我孩子的医保卡还有效吗？|看我子女的医保卡|我孩子的卡在哪里？", "ja": "子どもの保険証は有効ですか|子どもの保険証を見せて|うちの子の健康保険証",
    },
    Intent.MY_DECLARATION: {
        "vi": "Tờ khai của tôi đã duyệt chưa?|Hồ sơ đăng ký của tôi đến đâu rồi?|Tờ khai tôi gửi còn chờ không?",
        "en": "Has my declaration been approved?|What is the status of my declaration?|Is my registration still pending?",
        "ko": "제 신고서가 승인되었나요?|내 신고서 진행 상태는?", "zh": "我的申报表批准了吗？|我的申请审核到哪一步了？", "ja": "私の申告書は承認されましたか|私の申告書の状況は",
    },
    Intent.WHO_LOOKED: {
        "vi": "Ai đã xem hồ sơ của tôi?|Có ai mở thông tin của tôi không?|Cán bộ nào đã xem dữ liệu của tôi?",
        "en": "Who has looked at my records?|Did anybody open my data?|Which officer viewed my file?",
        "ko": "누가 제 기록을 봤나요?|내 정보를 열람한 사람은 누구인가요?", "zh": "谁看过我的档案？|有人查看过我的信息吗？", "ja": "誰が私の記録を見ましたか|私の情報を閲覧した人は誰ですか",
    },
    Intent.MY_FEEDBACK: {
        "vi": "Phản ánh của tôi đã được trả lời chưa?|Kiến nghị tôi gửi đến đâu rồi?|Khiếu nại của tôi giải quyết chưa?",
        "en": "Has my feedback been answered?|What became of my complaint?|Is there an answer to my letter?",
        "ko": "제 의견에 답변이 왔나요?|내 민원 처리되었나요?", "zh": "我的意见有答复了吗？|我的投诉处理了吗？", "ja": "私の意見に回答がありましたか|私の苦情はどうなりましたか",
    },
}  # fmt: skip
