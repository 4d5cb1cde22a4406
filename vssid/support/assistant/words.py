"""What the assistant knows of five languages: words that tell nothing, what is shortened, what means the same. Pure."""

from vssid.newsroom.searching.rules import WRITTEN_OUT as SHORTENED

# Words that stand in any question.
STOP = {
    "vi": frozenset(
        ["a",
            "hom", "ai", "anh", "ban", "bao", "bi", "boi", "cac", "cai", "can", "cho", "chi", "co", "con", "cua", "cung", "da", "dang", "de", "den", "di", "do", "duoc", "em", "gi", "gium", "ha", "hay", "hoi", "kia", "khi", "khong", "ky", "la", "lai", "lam", "lan", "len", "loi", "ma", "mot", "muon", "nao", "nay", "nen", "neu", "nha", "nhe", "nhieu", "nhu", "nhung", "nua", "o", "phai", "qua", "ra", "rang", "roi", "sao", "se", "ta", "thi", "the", "theo", "thoi", "toi", "trong", "tu", "tui", "u", "va", "vao", "van", "vay", "ve", "vi", "viec", "voi", "vua", "xin", "y", "ay", "minh", "duoi", "tren", "dau", "day", "dung", "het"]
    ),
    "en": frozenset(
        ["a", "about", "am", "an", "and", "any", "anymore", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "doe", "doing", "for", "from", "get", "got", "had", "has", "have", "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not", "of", "on", "one", "or", "our", "out", "s", "say", "she", "should", "so", "some", "t", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "this", "to", "up", "us", "want", "was", "way", "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "you", "your"]
    ),
    "ko": frozenset(("하나", "나요", "어요", "아요", "해요", "세요", "싶어", "어떻", "떻게", "있나", "인가", "가요", "는데", "니다", "습니", "하고", "합니", "있습", "수있")),
    "zh": frozenset(("怎么", "么办", "什么", "可以", "如何", "哪里", "吗？", "我的", "我要", "是不", "不是", "有没", "没有", "能不", "怎样")),
    "ja": frozenset(
        ("です", "ます", "すか", "どう", "うす", "すれ", "れば", "たい", "した", "して", "ください", "いで", "ある", "あり", "りま", "ませ", "せん", "いい", "のか", "この", "その", "から", "まで", "ので", "った", "いま", "には", "では")
    ),
}  # fmt: skip

# What people shorten when they type to somebody, beside what texts shorten.
WRITTEN_OUT = {
    **SHORTENED, "ko": "khong", "k": "khong", "hok": "khong", "hong": "khong", "hem": "khong", "kg": "khong", "dc": "duoc",
    "pass": "mat khau", "cty": "cong ty", "lm": "lam", "s": "sao", "j": "gi", "r": "roi",
    "t": "toi", "e": "em", "m": "minh", "dk": "dang ky dieu kien", "cn": "cong nhan", "nv": "nhan vien",
    "hs": "ho so", "tn": "that nghiep", "ts": "thai san", "hgd": "ho gia dinh", "gd": "gia dinh", "vs": "voi", "ns": "noi", "bn": "bao nhieu", "nhiu": "nhieu",
    "mxh": "ma so", "qtdong": "qua trinh dong", "fb": "facebook", "cmnd": "can cuoc", "tt": "thanh toan", "dang ki": "dang ky",
    "ki": "ky", "oke": "duoc", "wa": "qua", "h": "gio", "bjo": "bao gio", "ntn": "nhu the nao", "z": "vay", "thg": "thang",
}  # fmt: skip

# Ideas, each with the ways to say it; Vietnamese folded, parts of words in Korean, Chinese and Japanese.
MEANINGS: dict[str, dict[str, str]] = {
    "card": {
        "vi": "the bao hiem|the y te|the giay|mo the|the cua con|the dien tu|quet dien thoai|lay the|the cua toi",
        "en": "card|cards|insurance card", "ko": "보험증|보험 카드|건강보험증|카드|의료보험증", "zh": "医保卡|医疗保险卡|保险卡|医疗保险证|医保", "ja": "保険証|健康保険カード|保険カード|健康保険証",
    },
    "expire": {
        "vi": "het han|han su dung|con han|han the|han dung|den han|gia tri|con dung duoc|dung duoc khong|con hieu luc",
        "en": "expire|expired|expires|valid|validity|expiry|run out", "ko": "만료|유효|기한|기간", "zh": "到期|过期|有效|期限", "ja": "期限|有効|切れ|まだ使え",
    },
    "renew": {"vi": "gia han|tu gia han|doi the moi", "en": "renew|renewed|renews|renewal|extend|automatically", "ko": "갱신|연장|자동", "zh": "续|延期|更新|自动", "ja": "更新|延長|自動"},
    "offline": {
        "vi": "mat mang|khong co mang|khong co song|khong song|khong mang|ngoai tuyen|khong co internet|khong co wifi|mat song|het dung luong|rot mang|khong vao duoc mang|khong internet",
        "en": "offline|without internet|no internet|no signal|no network|without network|without signal|no data|no wifi|no connection", "ko": "오프라인|인터넷|네트워크|와이파이|데이터 없", "zh": "没网|无网|离线|没有网|断网|没信号|没网络", "ja": "オフライン|圏外|ネットがな|ネットなし|通信|電波|インターネット",
    },
    "refuse": {
        "vi": "khong nhan the|khong chiu|tu choi|doi the giay|khong cho dung|khong chap nhan|bat phai co the giay|doi ban giay|khong quet",
        "en": "refuse|refuses|refused|reject|accept the|won t accept|not accept|doesn t accept|turned down|turned away|don t take|insist on paper|wouldn t take",
        "ko": "거부|거절|안 받|받지 않|받아주|안받", "zh": "拒绝|不认|不收|不接受|不让用", "ja": "断られ|拒否|拒まれ|受け付けて|使えないと言わ|認めて",
    },
    "hospital": {
        "vi": "benh vien|phong kham|tram y te|co so kham|quay kham|vien phi", "en": "hospital|clinic|doctor|facility|treated|treatment|medical bill|health centre", "ko": "병원|의원|진료|의료기관|치료",
        "zh": "医院|诊所|看病|看医生|就诊|诊疗|就医", "ja": "病院|クリニック|診療|医療機関|受診|診察|医者",
    },
    "password": {"vi": "mat khau|matkhau", "en": "password|passwords|passcode", "ko": "비밀번호|비번|암호", "zh": "密码", "ja": "パスワード|暗証"},
    "forget": {
        "vi": "quen mat|khong nho|quen roi|khong nho noi|quen mat khau|lay lai mat khau|dat lai mat khau|cap lai mat khau", "en": "forgot|forgotten|forget|can t remember|cannot remember|don t remember|recover|reset|lost my password|lost password",
        "ko": "잊|까먹|모르|기억", "zh": "忘|记不|想不起", "ja": "忘れ|覚えて|思い出",
    },
    "wrong_guess": {
        "vi": "go sai|nhap sai|sai mat khau|danh sai|sai may lan|sai nhieu lan|bi khoa|khoa tai khoan|bat doi|nhap nham|go nham|sai nhieu",
        "en": "wrong password|wrong passwords|locked|lock|too many tries|too many attempts|wrong ones|mistyped|blocked|several times|wait 15", "ko": "틀렸|틀리|잠겼|잠기|잘못 입력|여러 번", "zh": "输错|锁|错了|错误多次|次数", "ja": "間違え|ロック|誤り|何回も|誤って",
    },
    "code": {
        "vi": "ma otp|otp|ma kich hoat|ma xac thuc|ma xac nhan|tin nhan co ma|gui ma|nhan ma|nhan duoc ma|ma gui|thay ma|doc ma",
        "en": "code|codes|otp|text message|verification", "ko": "인증번호|코드|문자|활성화", "zh": "验证码|短信|激活码", "ja": "認証コード|コード|メッセージ|ショートメール|有効化",
    },
    "not_arrive": {
        "vi": "khong nhan duoc|khong thay ma|khong thay tin|chua nhan duoc|khong gui ve|chua thay ma|cho hoai|khong ve|khong den|khong toi|doi mai|cho mai|khong co tin nhan|chua co tin|chua thay tin",
        "en": "not arrive|does not arrive|didn t arrive|no otp|no code|not received|didn t receive|never came|never arrives|not come|doesn t come|haven t received|no text|not getting|never received|didn t get",
        "ko": "안 와|오지 않|안 옵|안와|못 받|받지 못|안 왔", "zh": "收不到|没收到|没有收到|没来|不来", "ja": "届か|来ない|来ま|届きま|受け取れ",
    },
    "phone_number": {
        "vi": "so dien thoai|doi so|sim|thay so|so moi|so cu|dau so|so khac", "en": "sim|phone number|new number|old number|mobile number|changed number|number changed|change number", "ko": "전화번호|유심|번호가 바|번호를 바|휴대폰 번호|심카드",
        "zh": "手机号|电话号|换号|号码换|SIM|sim|手机卡|卡丢", "ja": "電話番号|携帯の番号|番号を変|番号が変|SIM|sim|シム|機種変",
    },
    "lost": {
        "vi": "bi mat|mat roi|roi mat|that lac|vut roi|danh mat|mat sim|mat the|mat so|roi the|lam mat|mat dien thoai|danh roi|mat giay|mat het", "en": "lost|gone|missing|stolen|lose|can t find", "ko": "잃어|분실|없어졌|도난", "zh": "丢|遗失|不见|掉了|被偷", "ja": "なくし|失く|紛失|無くし|落とし|盗ま",
    },
    "two_devices": {
        "vi": "hai may|hai dien thoai|2 may|2 dien thoai|may moi|may cu|dien thoai moi|dien thoai cu|may khac|nhieu may|hai thiet bi|may tinh bang|nhieu dien thoai|thiet bi khac|dien thoai khac",
        "en": "two phones|new phone|old one|two devices|another phone|second phone|other device|tablet|old phone|logged out|new device|both phones|several devices", "ko": "두 대|두대|새 폰|새 휴대폰|다른 기기|다른 폰|새 기기|기기", "zh": "两部|两个手机|两台|新手机|换手机|旧手机|另一部|设备", "ja": "二台|2台|新しいスマホ|別の端末|機種|二つの|古いスマホ|端末",
    },
    "child": {
        "vi": "cho con|cua con|be nha|dua con|con nho|chau be|con gai|con trai|tre em|con toi|con em|dua nho|so sinh|thang cu|con minh|con cai|may dua|em be nha|cua be|cho be", "en": "child|children|daughter|son|kid|kids|baby s card|newborn|toddler",
        "ko": "아이|자녀|아들|딸|아기", "zh": "孩子|子女|小孩|女儿|儿子|宝宝|未成年", "ja": "子ども|子供|お子|娘|息子|赤ちゃん",
    },
    "register": {
        "vi": "dang ky|dang ki|lap tai khoan|mo tai khoan|tao tai khoan|co tai khoan|lam tai khoan|dang ky moi|bat dau tu dau", "en": "register|registration|sign up|signup|create an account|open an account|get an account|new account|enrol|enroll",
        "ko": "등록|가입|계정을 만|계정은 어떻게|회원", "zh": "注册|登记|开账户|开户|开通|申请账户|办账户|建账户", "ja": "登録|アカウントを作|申し込|作り方|新規",
    },
    "number": {
        "vi": "ma so|ma so bao hiem|tim ma so|so bao hiem|ma bao hiem|so so bao hiem", "en": "insurance number|bhxh number|social insurance number|my number|id number|social security number|ssn", "ko": "사회보험번호|보험번호|보험 번호", "zh": "社保号|社会保险号|保险号|保险编号|社保编号", "ja": "社会保険番号|保険番号|保険の番号",
    },
    "declaration": {
        "vi": "to khai|ho so dang ky|don dang ky", "en": "declaration|registration form|application|form 01", "ko": "신고서|신청서|신청", "zh": "申报表|申请|表格", "ja": "申告書|申請|届出",
    },
    "form01": {"vi": "mau 01|mau so 01|ban giay|to giay|nop giay|giay len nop|to khai giay|ban co chu ky|ky mau", "en": "form 01|paper|signed form|signed paper|hand in|print", "ko": "양식 01|서식 01|서류|제출|01호", "zh": "01号|纸质|表格|签名|交表|01表|打印", "ja": "様式01|用紙|書類|提出|印刷|署名"},
    "ten_days": {"vi": "10 ngay|muoi ngay|qua han nop|hai tuan|qua han|tre han|chua kip|quen nop|tre hen|nop tre|nop muon", "en": "10 days|ten days|two weeks|too late|deadline|lapsed|forgot to hand|late with|never handed|lapse", "ko": "10일|열흘|기한이 지|실효|늦", "zh": "10天|十天|过了|逾期|失效|超过", "ja": "10日|十日|過ぎ|失効|期日|遅れ"},
    "approved": {"vi": "duyet|den dau|den dau roi|tinh trang|bao gio xong|khi nao xong|xu ly", "en": "approved|approve|status|where does|progress|how far|pending", "ko": "승인|진행|상태|처리", "zh": "批准|审批|进度|审核|通过", "ja": "承認|進み|状況|審査|どうなって"},
    "late_employer": {
        "vi": "cham dong|no bao hiem|khong dong|tron dong|tru luong|tru tien|khong nop|dang no|quyt|khong dong bao hiem|chua dong bao hiem|tru bao hiem|an chan|khong chiu dong", "en": "not paying|not been paying|hasn t paid|hasn t been paying|pays late|late payment|deducts|arrears|owes|doesn t pay|employer|boss|did not pay|isn t paying",
        "ko": "안 내|내지 않|체납|미납|연체|회사가|안내요|사업주", "zh": "没给我交|不交|欠缴|迟缴|拖欠|没交|没缴|不缴|老板|扣了", "ja": "払って|納めて|滞納|未納|納付遅|会社が|天引き|納めま",
    },
    "employer": {"vi": "cong ty|don vi|chu doanh nghiep|xi nghiep|noi lam viec|chu tru|ong chu|nha may|co quan cu", "en": "employer|employers|company|boss|companies|factory|workplace", "ko": "회사|사업장|직장|사업주", "zh": "公司|单位|老板|工厂|雇主", "ja": "会社|事業所|勤め先|雇い主|職場"},
    "missing_months": {
        "vi": "thieu thang|thieu may thang|thieu|sai thang|khong thay thang|thang bi thieu|ghi sai|trong thang|bi sai|mat thang|dut quang|gian doan|khong du thang", "en": "missing|months are missing|wrong months|gap|gaps|incorrect|not showing|months missing", "ko": "빠졌|누락|부족|틀|공백", "zh": "少了|缺|漏|断缴|不对|错误", "ja": "足りな|抜けて|欠け|不足|誤り|空白|間違って",
    },
    "history": {
        "vi": "qua trinh dong|qua trinh tham gia|thoi gian dong|dong duoc bao lau|dong bao lau|dong duoc may nam|may nam|bao nhieu nam|bao nhieu thang|bao lau roi|tham gia bao lau|may thang roi|dong may nam",
        "en": "contributions|contribution|participation|how long|how many years|how many months|years have i|months have i", "ko": "납부|가입기간|가입 이력|몇 년|몇 개월|얼마나", "zh": "缴费|参保|交了多久|交了几年|缴了多少|几年了|多少年", "ja": "納付|加入|何年|何か月|どのくらい|期間",
    },
    "overlap": {"vi": "hai cong ty|hai noi|2 cong ty|trung thang|cung luc|cung mot thang|cong doi|trung nhau|2 noi|bi trung|cung thang", "en": "two employers|two companies|two jobs|overlap|same month|twice|both employers", "ko": "두 회사|두 곳|겹치|중복|두 군데", "zh": "两家|两个公司|重复|同时|同一个月|重叠", "ja": "二つの会社|二か所|重複|重な|掛け持ち|2社|同じ月"},
    "lump": {
        "vi": "mot lan|1 lan|rut bao hiem|rut tien|rut het|lay mot cuc|rut het tien|nhan mot lan|rut bhxh|rut so", "en": "lump sum|lump|cash out|withdraw|one time|take out my money|all at once|withdrawal", "ko": "일시금|한꺼번에|인출|한번에|해지", "zh": "一次性|取出来|提取|退保|一次", "ja": "一時金|引き出|まとめて|解約|脱退",
    },
    "retire": {
        "vi": "nghi huu|ve huu|luong huu|tuoi huu|huu tri|tuoi nghi huu|may tuoi|bao nhieu tuoi", "en": "retire|retirement|pension|pensions|old age|what age", "ko": "은퇴|연금|퇴직|정년|노령|몇 살|나이", "zh": "退休|养老金|几岁|多大年纪|年龄", "ja": "年金|退職|定年|何歳|老齢|引退",
    },
    "maternity": {"vi": "thai san|sinh con|sinh em be|sap sinh|mang thai|de con|bau|nghi de|nghi sinh|sinh de|sanh|di de", "en": "maternity|baby|pregnant|birth|giving birth|pregnancy|expecting", "ko": "출산|임신|아기를 낳|육아", "zh": "生育|生孩子|怀孕|产假|分娩|生小孩", "ja": "出産|妊娠|産休|赤ちゃんを産|産む"},
    "unemployed": {"vi": "that nghiep|mat viec|bi duoi viec", "en": "unemployment|unemployed|lost my job|jobless|laid off", "ko": "실업|실직", "zh": "失业|下岗", "ja": "失業|離職"},
    "household": {"vi": "ho gia dinh|ca nha|nha bon nguoi|nguoi trong nha|trong ho|ca gia dinh|nha co|nha toi", "en": "household|family health|family insurance|whole family|family members|for my family", "ko": "가구|가족", "zh": "家庭|全家|一家|户", "ja": "世帯|家族|家庭|家じゅう"},
    "price": {"vi": "bao nhieu tien|gia bao nhieu|het bao nhieu|mot thang bao nhieu|muc dong|gia|bao nhieu mot nam|ton bao nhieu|dong bao nhieu|bao nhieu dong", "en": "price|cost|costs|how much|fee|fees|premium", "ko": "얼마|가격|비용|보험료", "zh": "多少钱|价格|费用|多少|保费", "ja": "いくら|料金|値段|費用|保険料"},
    "voluntary": {"vi": "tu nguyen|buon ban tu do|lao dong tu do|tu dong|nong dan|o nha noi tro|tu do|noi tro", "en": "voluntary|self employed|freelance|freelancer|farmer|voluntarily|housewife", "ko": "임의|자영업|프리랜서|자발", "zh": "自愿|个体|自由职业|灵活|农民", "ja": "任意|自営|フリー|農家"},
    "where_pay": {"vi": "dong o dau|nop o dau|mua o dau|diem thu|dai ly thu|nop tien|dong tien o|noi dong", "en": "where do i pay|where to pay|collection point|pay in|where can i pay", "ko": "어디서 내|수납|어디에 내|납부하는 곳", "zh": "在哪交|哪里交|哪里缴|代收|去哪里交|哪儿交", "ja": "どこで払|どこで納|収納|払う場所|どこに払"},
    "scam": {
        "vi": "lua dao|gia mao|co nguoi goi|goi xung|doc ma|kem link|duong dan|bam vao link|bam link|link|xung la|tin duoc khong|chuyen tien|goi dien bao|gia danh|bi lua|duong link|goi toi bao|xung bhxh|zalo nhan", "en": "scam|fraud|phoned|caller|called me|asking for my code|link|phishing|fake|suspicious|swindle|pretending|claiming to be|strange call|strange message|transfer money",
        "ko": "사기|피싱|링크|의심|스팸|보이스피싱|수상", "zh": "诈骗|骗|链接|打电话|可疑|假冒|冒充", "ja": "詐欺|怪しい|リンク|不審|偽|なりすまし|だまさ",
    },
    "privacy": {"vi": "nguoi ngoai xem|ai xem|ai da xem|xem ho so|lo thong tin|rieng tu|bao mat|du lieu ca nhan|bi xem|ro ri|ai da mo|ai da coi|xem trom|thong tin ca nhan", "en": "privacy|private|who can see|who looked|who has viewed|who saw|viewed|my data|personal data|looked at|leak|see my records", "ko": "개인정보|누가|열람|사생활|조회했|봤는지", "zh": "隐私|谁看|查看过|个人信息|泄露|谁查|个人资料", "ja": "個人情報|誰が見|プライバシー|閲覧|漏れ|だれが"},
    "delete": {"vi": "xoa tai khoan|huy tai khoan|ngung su dung|khong dung nua|xoa tk|dong tai khoan|thoi dung|bo tai khoan|huy dang ky|khoa vinh vien|khong muon dung", "en": "delete|close my account|stop using|remove my account|cancel my account|deactivate|close the account|for good|get rid", "ko": "탈퇴|삭제|이용 중지|해지|없애", "zh": "注销|删除|停用|销户|不用了", "ja": "退会|削除|解約|やめたい|利用停止|消したい"},
    "size": {"vi": "co chu|chu to|chu nho|phong to|mat kem|chu lon|kho doc|nhin khong ro|khong doc duoc chu|lao thi", "en": "text size|letters|font|bigger|larger|too small|hard to read|eyesight|small print", "ko": "글씨|글자|크게|작아", "zh": "字体|字太小|大字|字大|放大|看不清", "ja": "文字|大きく|小さくて|字が|拡大"},
    "language": {"vi": "ngon ngu|tieng anh|tieng han|tieng trung|tieng nhat|tieng viet|doi sang tieng", "en": "language|in english|english|vietnamese|korean|chinese|japanese|translate", "ko": "언어|한국어|영어", "zh": "语言|中文|英文|英语", "ja": "言語|日本語|英語"},
    "install": {"vi": "cai ung dung|cai dat|tai ung dung|ch play|app store|cai vao may|tai ve|tai app|cai app|kho ung dung|cho play|google play|bieu tuong|man hinh chinh|tai xuong", "en": "install|download|app store|play store|home screen|google play|get the app|apk", "ko": "설치|다운로드|앱스토어|플레이스토어|내려받", "zh": "安装|下载|应用商店|装到|桌面", "ja": "インストール|ダウンロード|アプリストア|入れ方|ホーム画面|ストア"},
    "official": {"vi": "chinh thuc|cua nha nuoc|vssid that|ung dung that|phai vssid|co phai vssid|gia hay that|app that|that hay gia|phai cua nha nuoc|vneid", "en": "official|real vssid|government|genuine|legit|the state s|vneid|state app", "ko": "공식|정부|진짜", "zh": "官方|政府|真的|正版", "ja": "公式|政府|本物|正規"},
    "helper": {"vi": "nho nguoi|lam ho|lam thay|giup toi|khong biet dung|khong ranh|nguoi giup|con chau lam|lam giup|nguoi gia|ba toi|ong toi|lam dum|nho con|ong ba|nguoi lon tuoi|khong ranh cong nghe", "en": "helper|on my behalf|for my mother|for my grandmother|not good with|help my|elderly|somebody else do|do it for me|grandma|grandfather|let someone", "ko": "대신|도와|할머니|할아버지|부모님|어르신", "zh": "帮忙|代办|代我|老人|帮我操作|不会用|帮父母|替", "ja": "代わりに|手伝|祖母|高齢|代行|親の|おばあ|おじい"},
    "agency": {"vi": "co quan bao hiem|van phong bao hiem|gio lam viec|may gio mo cua|co quan bhxh|mo cua|tru so|lam viec gio nao|gan nhat|thu bay", "en": "agency|office|opening hours|open on|where is the office|nearest|open hours", "ko": "기관|사무소|공단|몇 시|영업|가까운|지사", "zh": "机构|办事处|几点|上班|社保局|最近的|办公时间", "ja": "機関|事務所|窓口|何時|営業|近くの|開いて"},
    "feedback": {"vi": "phan anh|gop y|khieu nai|kien nghi|to cao|thai do|phan nan|che trach|khong hai long|kien cao", "en": "feedback|complain|complaint|complaints|suggestion|rude|unhappy", "ko": "의견|건의|불만|민원|항의", "zh": "意见|投诉|建议|反馈|反映|态度", "ja": "苦情|意見|要望|クレーム|文句"},
    "visit": {"vi": "so kham|lan kham|lan di kham|lich su kham|di kham|benh an|ghi nham benh|di vien|chan doan|sai benh|may lan kham", "en": "visit|visits|visit book|diagnosis|medical records|seen a doctor|illness", "ko": "진료 내역|진료기록|진단|수첩|진료", "zh": "就诊|看病|看过几次|诊断|病历", "ja": "受診|診察|診断|通院|手帳"},
    "not_me": {"vi": "khong phai toi|khong he di|lan kham la|toi khong di|khong di kham|nguoi khac dung|dung the cua toi|khong phai cua toi|muon the|xai the|khong he kham|la hoac", "en": "not me|never made|never went|i didn t go|someone used|not mine|wrong diagnosis|never visited|somebody used|using my card|never been", "ko": "제가 아|간 적|가지 않|도용|다른 사람이|잘못된 진단", "zh": "不是我|没去过|冒用|没看过|别人用|盗用|诊断错", "ja": "行っていない|覚えのない|私ではな|不正|自分ではな|他人|身に覚え|知らない受診"},
    "papers": {"vi": "giay ra vien|giay xuat vien|giay nghi|chung sinh|giay to|nghi om|giay chung nhan|giay nghi viec|giay nghi om|tom tat benh an|nghi duong thai|giay bao om|nghi benh", "en": "discharge|certificate|certificates|sick leave|papers|sick note|medical certificate|doctor s note", "ko": "확인서|퇴원|증명서|진단서|병가", "zh": "证明|出院|病假|假条", "ja": "証明書|退院|診断書|病休|確認書"},
    "facility_change": {"vi": "doi noi kham|noi kham ban dau|doi noi dang ky|dang ky ban dau|chuyen benh vien|doi benh vien|noi dang ky kham|noi kham chua benh ban dau|kham ban dau|chuyen noi kham|noi dang ky kcb", "en": "registered hospital|registered facility|change hospital|change facility|first treatment|change my hospital|different hospital|change the hospital|initial facility|other clinic", "ko": "등록 의료기관|등록된 병원|병원을 바꾸|병원 변경|최초 등록|등록병원", "zh": "定点医院|登记的医院|换医院|初诊|登记医院|变更医院|首诊", "ja": "登録病院|登録した病院|病院を変え|かかりつけ|初診|登録医療機関|病院の変更"},
    "share_paid": {"vi": "phan tram|chi tra|muc huong|bao hiem tra|thanh toan bao nhieu|duoc tra|cung chi tra|may phan|duoc huong bao nhieu|80|tra bao nhieu", "en": "percentage|percent|covered|cover|coverage|benefit level|reimbursed|how much does insurance pay|insurance pay|pays for", "ko": "몇 퍼센트|퍼센트|부담|급여 수준|보장|본인부담", "zh": "报销|百分之|比例|待遇水平|给付|报多少|赔", "ja": "何割|割合|給付水準|負担|何パーセント|カバー"},
    "five_years": {"vi": "5 nam|nam nam|lien tuc|du nam nam|du 5 nam", "en": "5 consecutive|five years|5 years|consecutive|five consecutive", "ko": "5년|연속", "zh": "5年|五年|连续", "ja": "5年|五年|連続"},
    "take_along": {"vi": "mang gi|cam theo|can mang|giay to gi|kham o dau|di kham can|mang theo|xuat trinh|dem theo|can giay to", "en": "bring|take along|take with me|where can i be treated|what do i need|need to show|carry", "ko": "가져|지참|준비물|어디서 진료|필요한", "zh": "带什么|要带|去哪看|在哪看病|携带|带上", "ja": "持って|持参|持ち物|どこで診|必要な物|何がい"},
    "benefit": {"vi": "thong tin huong|tro cap|da huong|huong che do|tien che do|khoan huong|tien tro cap|nhan duoc khoan", "en": "benefit|benefits|allowance|paid out", "ko": "급여|수당|수급", "zh": "待遇|津贴|领取|领到", "ja": "給付|手当|受給"},
    "log_in": {"vi": "dang nhap|vao tai khoan|vao lai|khong vao duoc", "en": "sign in|log in|login|get back in", "ko": "로그인|접속", "zh": "登录|登陆|登不", "ja": "ログイン|入れない"},
}  # fmt: skip

# Who speaks of themselves; what asks for a way rather than for a fact.
OWN = {
    "vi": "cua toi|cua t|cua minh|cua em|cua con toi|cua tui|toi dong|toi da|toi duoc|minh dong|em dong|toi dang|cua chung toi|toi di kham|cua be|toi con|minh con|no toi|cua chau|cua ba toi|cua me toi",
    "en": "my|i ve|have i|am i|did i|do i have|mine", "ko": "내|제|저는|나는|우리", "zh": "我的|我|本人", "ja": "私の|私は|自分の|わたし|うちの|私が",
}  # fmt: skip
HOW = {
    "vi": "lam sao|the nao|o muc nao|o dau|kieu gi|cach nao|bang cach|phai lam|ra sao|lam gi|thi sao|coi o|xem o",
    "en": "how do i|how to|how can|where do|where can|what do i do|what can i|where to|what if", "ko": "어떻게|어디서|방법|어떡", "zh": "怎么|如何|哪里|怎样|怎么办|方法", "ja": "どうやって|どこで|方法|やり方|どうすれば|教えて",
}  # fmt: skip
