"""Which table holds what about a person: every table of the house stands here, or says why it holds nothing.

`tests/privacy/test_complete.py` walks all tables and fails for one that is missing, fills every column of those that
are here and finds each value in the copy. A new table is one entry in HOLDINGS and, for what is kept back, its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vssid.accounts import Purpose
from vssid.kernel.labels import N_, Label
from vssid.registration import Kind


class Why(StrEnum):
    """Why a column is not given out."""

    SECRET = "secret"  # noqa: S105 - a reason, not a secret
    OTHERS = "others"
    INTERNAL = "internal"
    COPY = "copy"

    @property
    def label(self) -> Label:
        """The reason in words."""
        return _WHYS[self]


_WHYS = {
    Why.SECRET: N_("Bí mật đăng nhập hoặc dấu vết của nó: đưa ra sẽ làm tài khoản kém an toàn."),
    Why.OTHERS: N_("Dữ liệu của người khác."),
    Why.INTERNAL: N_("Số nội bộ của máy, không nói gì về bạn."),
    Why.COPY: N_("Bản sao của dữ liệu đã có ở mục khác."),
}


@dataclass(frozen=True)
class Held:
    """Rows of a table that are about a person: `links` are columns whose value is among the person's of a source.

    A source is a table above whose rows were found, "table/part" for those of one entry, or one of NUMBERS, PHONES,
    NAMES. `fixed` columns have one of these values. `withheld` columns are not given out, for a reason each; with `only` nothing but these columns is. `officers`
    are columns that name an officer without a foreign key. `sealed` columns are texts sealed for "<table> <id>"; they are
    given out in clear. `part` tells several entries of one table apart.
    """

    title: Label
    links: Mapping[str, str]
    fixed: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    withheld: Mapping[str, Why] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Nothing:
    """A table that holds nothing about a person, or nothing that could be found by who they are.

    `because` is Vietnamese: it stands in the copy, whose keys and notes are Vietnamese for every reader.
    """

    because: str


NUMBERS, PHONES, NAMES, PERSONS = "ma_so", "phones", "names", "persons"
# In `fixed`: any value but none.
SOME = "*"
_ACCOUNT, _DECLARATION = {"account_id": "accounts"}, {"declaration_id": "declarations"}
_LEASED = {"lease": Why.INTERNAL, "leased_until": Why.INTERNAL, "attempts": Why.INTERNAL}
_GUARDIAN = {"guardian_ma_so": Why.OTHERS, "guardian_number": Why.OTHERS}
_CONTACTS_OF_GUARDIAN = dict.fromkeys(("phone", "contact_phone", "email"), Why.OTHERS)
_OWN_PAPERS, _CHILD_PAPERS = ("declarations/ca_nhan", "declarations/chua_duyet"), "declarations/tre_em"
_FOLDED = {"name_folded": Why.COPY}
_SIGNED, _RETURNED = N_("Tờ khai ký số"), N_("Mục được trả lại để sửa")
_SIGNED_BY_GUARDIAN = ("issued_file_id", "signed_file_id", "signer_name", "serial")
_DECLARED = N_("Tờ khai mẫu 01")
_NOTED = N_("Nhật ký: ai làm gì với dữ liệu của bạn")
_AUDIT_NAMES = ("actor_id",)
# A declaration of somebody's who typed this mã số tells no more than that it exists.
_STUB = ("sent_at", "kind", "status", "agency_code")

Entry = Held | tuple[Held, ...] | Nothing

HOLDINGS: dict[str, Entry] = {
    # The order is that in which sources are needed: a table stands below those that it links to.
    "persons": Held(N_("Thông tin cá nhân"), {"id": PERSONS}, withheld=_FOLDED),
    "person_identifiers": Held(N_("Số định danh"), {"person_id": PERSONS}),
    "guardianships": (
        Held(N_("Người giám hộ của bạn"), {"child_id": PERSONS}, part="nguoi_giam_ho"),
        Held(N_("Người bạn giám hộ"), {"guardian_id": PERSONS}, part="con"),
    ),
    "issued_documents": Held(
        N_("Giấy đã in có mã xác minh"),
        {"person_id": PERSONS},
        withheld={"digest": Why.INTERNAL, "account_id": Why.OTHERS},
    ),
    "cards": Held(N_("Thẻ BHYT"), {"person_id": PERSONS}),
    "kept_cards": Held(
        N_("Thẻ BHYT giữ trên máy hoặc in ra giấy"),
        {"person_id": PERSONS},
        withheld={
            "handle": Why.SECRET,
            "secret_digest": Why.SECRET,
            "account_id": Why.OTHERS,
            "device_id": Why.INTERNAL,
            "card_id": Why.INTERNAL,
        },
    ),
    "card_checks": Held(
        N_("Các lần cơ sở khám chữa bệnh kiểm tra thẻ"),
        {"person_id": PERSONS},
        withheld={"member_id": Why.OTHERS, "kept_id": Why.INTERNAL, "organisation_id": Why.INTERNAL},
    ),
    "card_batch_items": Held(
        N_("Thẻ giấy của bạn trong một lô in"),
        {"person_id": PERSONS},
        withheld={"batch_id": Why.INTERNAL, "position": Why.INTERNAL, "kept_id": Why.INTERNAL},
    ),
    "contributions": Held(N_("Quá trình tham gia"), {"person_id": PERSONS}, withheld={"employer_key": Why.COPY}),
    "employer_notices": Held(
        N_("Những tháng đơn vị chưa đóng đã báo cho bạn"), {"person_id": PERSONS}, withheld={"employer_key": Why.COPY}
    ),
    "visits": Held(N_("Các lần khám chữa bệnh"), {"person_id": PERSONS}, withheld={"content_digest": Why.INTERNAL}),
    "visit_lines": Held(N_("Chi phí của các lần khám"), {"visit_id": "visits"}),
    "medical_papers": Held(
        N_("Giấy tờ khám chữa bệnh"),
        {"person_id": PERSONS},
        withheld={"content_digest": Why.INTERNAL, "sources": Why.COPY},
    ),
    "benefits": Held(N_("Các khoản đã hưởng"), {"person_id": PERSONS}),
    "pension_adjustments": Held(N_("Phiếu điều chỉnh lương hưu"), {"person_id": PERSONS}),
    "accounts": (
        Held(
            N_("Tài khoản"),
            {"person_id": PERSONS},
            {"guardian_id": (None,)},
            withheld={"password_hash": Why.SECRET, "own_phrase": Why.SECRET, "contact_phone": Why.OTHERS},
            part="cua_minh",
        ),
        Held(
            N_("Tài khoản do người giám hộ dùng"),
            {"person_id": PERSONS},
            {"guardian_id": (SOME,)},
            withheld={"password_hash": Why.SECRET, "own_phrase": Why.SECRET, **_CONTACTS_OF_GUARDIAN},
            part="do_giam_ho",
        ),
    ),
    "login_names": Held(N_("Số dùng để đăng nhập"), _ACCOUNT),
    "devices": Held(N_("Thiết bị"), _ACCOUNT, withheld={"token_digest": Why.SECRET}),
    "sessions": Held(
        N_("Các lần đăng nhập"),
        {"subject_id": "accounts"},
        {"subject_kind": ("citizen",)},
        withheld={"token_digest": Why.SECRET},
    ),
    "one_time_codes": Held(
        N_("Mã dùng một lần"),
        {"subject_id": "accounts"},
        {"purpose": tuple(Purpose)},
        withheld={"digest": Why.SECRET, "bound_to": Why.SECRET},
    ),
    "backup_codes": Held(N_("Mã dự phòng"), _ACCOUNT, withheld={"salt": Why.SECRET, "digest": Why.SECRET}),
    "passkeys": Held(
        N_("Đăng nhập bằng vân tay, khoá màn hình"),
        {"subject_id": "accounts"},
        {"subject_kind": ("citizen",)},
        withheld={"credential_id": Why.SECRET, "public_key": Why.SECRET},
    ),
    "smart_otps": Held(N_("SmartOTP"), _ACCOUNT, withheld={"sealed": Why.SECRET, "last_step": Why.INTERNAL}),
    "freeze_codes": Held(N_("Mã khoá trong thông báo bảo mật"), _ACCOUNT, withheld={"digest": Why.SECRET}),
    "notice_choices": Held(N_("Thông báo bạn chọn"), _ACCOUNT),
    "trusted_relatives": (
        Held(
            N_("Người thân bạn tin cậy"),
            _ACCOUNT,
            # What was typed are somebody else's numbers.
            withheld={"typed": Why.OTHERS, "typed_digest": Why.SECRET},
            part="cua_minh",
        ),
        Held(
            N_("Người tin cậy bạn"),
            {"relative_id": "accounts"},
            withheld={"typed": Why.OTHERS, "typed_digest": Why.SECRET},
            part="cho_nguoi_khac",
        ),
    ),
    "recovery_requests": Held(
        N_("Yêu cầu khôi phục tài khoản"),
        _ACCOUNT,
        withheld=dict.fromkeys(("code_digest", "password_hash", "stop_digest"), Why.SECRET),
    ),
    "loans": Held(
        N_("Việc nhờ người giúp"), _ACCOUNT, withheld={"code_digest": Why.SECRET, "helper_phone": Why.OTHERS}
    ),
    "declarations": (
        Held(
            _DECLARED,
            {"person_id": PERSONS},
            {"kind": (Kind.ADULT,)},
            withheld={**_FOLDED, **_GUARDIAN},
            part="ca_nhan",
        ),
        Held(
            _DECLARED,
            {"person_id": PERSONS},
            {"kind": (Kind.CHILD,)},
            # Phone, e-mail and contact of a child's declaration are the guardian's.
            withheld={**_FOLDED, **_GUARDIAN, **dict.fromkeys(("phone", "email", "contact_name", "scans"), Why.OTHERS)},
            part="tre_em",
        ),
        Held(
            _DECLARED,
            {"ma_so_bhxh": NUMBERS, "phone": PHONES},
            {"person_id": (None,)},
            withheld={**_FOLDED, **_GUARDIAN},
            part="chua_duyet",
        ),
        Held(
            N_("Tờ khai cho con"),
            {"guardian_person_id": PERSONS},
            only=(
                "code",
                "status",
                "sent_at",
                "guardian_ma_so",
                "guardian_id_kind",
                "guardian_number",
                "guardian_relation",
            ),
            part="cho_con",
        ),
        Held(
            N_("Tờ khai khác mang mã số của bạn, có thể không phải do bạn gửi"),
            {"ma_so_bhxh": NUMBERS},
            {"person_id": (None,)},
            only=_STUB,
            part="khac",
        ),
    ),
    "declaration_photos": Held(
        N_("Ảnh trong tờ khai"),
        _DECLARATION,
        withheld={"preview_id": Why.COPY, "draft_id": Why.INTERNAL},
    ),
    "signed_forms": (
        *(
            Held(_SIGNED, {"declaration_id": source}, withheld={"said": Why.INTERNAL}, part=source.partition("/")[2])
            for source in _OWN_PAPERS
        ),
        Held(
            _SIGNED,
            {"declaration_id": _CHILD_PAPERS},
            withheld={"said": Why.INTERNAL, **dict.fromkeys(_SIGNED_BY_GUARDIAN, Why.OTHERS)},
            part="tre_em",
        ),
    ),
    "portrait_bands": Held(N_("Dấu vân của ảnh chân dung, để tìm ảnh trùng"), {"photo_id": "declaration_photos"}),
    "declaration_corrections": (
        *(Held(_RETURNED, {"declaration_id": source}, part=source.partition("/")[2]) for source in _OWN_PAPERS),
        Held(_RETURNED, {"declaration_id": _CHILD_PAPERS}, withheld={"before": Why.OTHERS}, part="tre_em"),
    ),
    "distinct_declarations": (
        Held(
            N_("Kết luận: không cùng người với một tờ khai khác"),
            {"low_id": "declarations"},
            withheld={"high_id": Why.OTHERS},
            part="mot",
        ),
        Held(
            N_("Kết luận: không cùng người với một tờ khai khác"),
            {"high_id": "declarations"},
            withheld={"low_id": Why.OTHERS},
            part="hai",
        ),
    ),
    "change_requests": Held(
        N_("Thay đổi tài khoản"), _ACCOUNT, withheld={"cancel_digest": Why.SECRET, "proofs": Why.INTERNAL}
    ),
    "consents": tuple(
        Held(N_("Các lần đồng ý và rút đồng ý"), {"subject_id": source}, {"subject_kind": (kind,)}, part=kind)
        for kind, source in (("account", "accounts"), ("declaration", "declarations"), ("person", PERSONS))
    ),
    "outbox": tuple(
        Held(
            N_("Tin nhắn và email đã gửi"),
            {"about_id": source},
            {"about_kind": (kind,)},
            # Texts hold codes while they wait, and are blanked when they have gone.
            withheld={"sealed": Why.SECRET, "text_digest": Why.INTERNAL, **_LEASED, "due_at": Why.INTERNAL},
            part=kind,
        )
        for kind, source in (("account", "accounts"), ("declaration", "declarations"))
    ),
    "inbox_items": Held(
        N_("Thông báo trong tài khoản"),
        _ACCOUNT,
        # What it told stands in the entries that it told of; codes are never in it.
        withheld={"sealed": Why.COPY},
    ),
    "board_items": Nothing("Thông báo chung cho mọi người trên bảng tin."),
    "service_stops": Nothing("Dịch vụ đang tạm dừng."),
    "roster_rows": Held(
        N_("Bạn trong danh sách của tổ chức"),
        # An organisation may have written somebody else's name beside this mã số.
        {"ma_so_bhxh": NUMBERS, "name_folded": NAMES},
        withheld={**_FOLDED, "guardian_ma_so": Why.OTHERS, "class_key": Why.COPY},
    ),
    "officers": Held(
        N_("Bạn là cán bộ"),
        {"ma_so_bhxh": NUMBERS},
        withheld={"password_hash": Why.SECRET, "totp_sealed": Why.SECRET, "totp_last_step": Why.SECRET},
    ),
    "data_exports": Held(N_("Các lần tải dữ liệu"), {"person_id": PERSONS}, withheld={**_LEASED, "file_id": Why.COPY}),
    "card_refusals": Held(N_("Báo cáo thẻ BHYT bị từ chối"), {"person_id": PERSONS}),
    "feedback": Held(
        N_("Phản ánh, kiến nghị"), {"person_id": PERSONS}, withheld={"secret_digest": Why.SECRET, "words": Why.COPY}
    ),
    "feedback_messages": Held(N_("Lời nhắn trong phản ánh, kiến nghị"), {"feedback_id": "feedback"}),
    "feedback_files": Held(N_("Tệp kèm phản ánh, kiến nghị"), {"feedback_id": "feedback"}),
    "chats": Held(
        N_("Trò chuyện với cán bộ"),
        {"person_id": PERSONS},
        withheld={
            "key_digest": Why.SECRET,
            "receipt": Why.SECRET,
            "nonce": Why.INTERNAL,
            "version": Why.INTERNAL,
        },
    ),
    "chat_messages": Held(
        N_("Lời nhắn trong cuộc trò chuyện"), {"chat_id": "chats"}, withheld={"nonce": Why.INTERNAL}, sealed=("text",)
    ),
    "card_reminders": Held(N_("Những lần nhắc thẻ BHYT sắp hết hạn"), _ACCOUNT),
    "data_requests": Held(N_("Yêu cầu về dữ liệu"), {"person_id": PERSONS}, withheld={"look_id": Why.INTERNAL}),
    "audit_entries": tuple(
        Held(_NOTED, {"subject_id": source}, {"subject_kind": (kind,)}, officers=_AUDIT_NAMES, part=kind)
        for kind, source in (
            ("account", "accounts"),
            ("declaration", "declarations"),
            ("person", PERSONS),
            ("roster_row", "roster_rows"),
        )
    ),
    "employer_watch": Nothing("Một dòng: máy đã xem đến đâu trong lượt báo đơn vị chậm đóng gần nhất."),
    "card_watch": Nothing("Một dòng: máy đã xem đến đâu trong lượt nhắc thẻ sắp hết hạn hôm nay."),
    "audit_seals": Nothing("Nối các dòng nhật ký với nhau; chỉ có dấu số."),
    "issuer_keys": Nothing("Khoá của đơn vị phát hành."),
    "drafts": Nothing(
        "Bản nháp mã hoá, chỉ mở được bằng cookie của trình duyệt đã viết; không biết của ai; tự xoá sau 7 ngày."
    ),
    "challenges": Nothing("Câu hỏi xác thực, chỉ là dấu số; hết tác dụng sau vài phút rồi tự xoá."),
    "chat_desks": Nothing("Về bàn trực của cán bộ: lúc nào đang mở."),
    "officer_grants": Nothing("Về quyền của cán bộ, không về người dân."),
    "limit_counters": Nothing("Đếm theo dấu có khoá, không lần ngược ra người; tự xoá trong một ngày."),
    "stored_files": Nothing("Khoá và kích thước tệp; nội dung tệp đi cùng dòng trỏ đến nó."),
    "import_runs": Nothing("Về cả tệp được nhập: loại, dấu số, số dòng."),
    "import_rows": Nothing("Dòng của tệp đang được đọc, xoá ngay sau đó; dữ liệu được nhận nằm ở các mục khác."),
    "undo_changes": Nothing("Nhập dữ liệu lần nào thì ghi chép để hoàn tác nằm ở đâu."),
    "undo_rows": Nothing("Dòng như trước và sau một lần nhập, để hoàn tác được; xoá sau 7 ngày."),
    "organisations": Nothing("Về tổ chức."),
    "organisation_members": Nothing(
        "Người của tổ chức, đăng nhập riêng, không gắn với mã số BHXH; hãy hỏi tổ chức của bạn."
    ),
    "declaration_exports": Nothing(
        "Yêu cầu xuất danh sách tờ khai của cán bộ; tệp bị huỷ sau một ngày; tờ khai của bạn nằm ở mục declarations."
    ),
    "card_batches": Nothing("Yêu cầu in nhiều thẻ giấy của cán bộ; dòng về bạn nằm ở mục card_batch_items."),
    "card_batch_pieces": Nothing("Các trang của một lô thẻ giấy, mã hoá, gộp vào tệp của lô rồi xoá ngay."),
    "rosters": Nothing("Tên danh sách của tổ chức; dòng về bạn nằm ở mục roster_rows."),
    "roster_prints": Nothing("Phiếu in của cả danh sách, xoá sau một tuần; dòng về bạn nằm ở mục roster_rows."),
    "roster_uploads": Nothing("Tệp của tổ chức, mã hoá, xoá sau một ngày; dòng được lưu nằm ở mục roster_rows."),
    "published_answers": Nothing(
        "Câu hỏi và trả lời do cán bộ viết lại cho mọi người đọc, không còn tên hay thông tin riêng của ai."
    ),
    "assistant_questions": Nothing("Câu hỏi mà Trợ lý chưa trả lời được; số dài và email đã che, không lưu ai hỏi."),
    "articles": Nothing("Bài viết cho mọi người đọc; không về riêng ai."),
    "article_words": Nothing("Các từ của những bài viết đó, để tìm."),
    "article_texts": Nothing("Lời của các bài viết cho mọi người đọc."),
    "article_drafts": Nothing("Lời của các bài đang viết, chưa đăng."),
    "feeds": Nothing("Địa chỉ nguồn tin của các trang khác; không về riêng ai."),
    "feed_items": Nothing("Dấu của các tin đã lấy từ nguồn tin."),
    "article_pictures": Nothing("Ảnh của các bài viết."),
    "admin_units": Nothing("Địa danh."),
    "unit_successions": Nothing("Địa danh."),
    "agencies": Nothing("Cơ quan."),
    "facilities": Nothing("Cơ sở khám chữa bệnh."),
    "employers": Nothing("Đơn vị tham gia; nơi bạn làm việc nằm ở mục contributions."),
    "collection_points": Nothing("Điểm thu, đại lý thu."),
    "listings": Nothing("Danh mục tra cứu, lập từ các bảng cơ quan, cơ sở, đơn vị, điểm thu."),
    "listing_words": Nothing("Các từ có trong danh mục tra cứu."),
    "listing_states": Nothing("Ngày cập nhật của danh mục tra cứu."),
    "icd10_codes": Nothing("Tên bệnh."),
    "parameters": Nothing("Con số của pháp luật."),
    "reference_loads": Nothing("Phiên bản các danh mục kèm phần mềm."),
}


def held(table: str) -> tuple[Held, ...]:
    """The entries of a table; none where it holds nothing."""
    entry = HOLDINGS[table]
    if isinstance(entry, Nothing):
        return ()
    return entry if isinstance(entry, tuple) else (entry,)
