"""From a file to the owner's page, from there to a complaint, and to the officer's answer: every step by forms alone."""

import re

from tests import pages, people
from tests.privacy.test_requests import act
from tests.registration.conftest import counter, desk, member  # noqa: F401 - fixtures

FILE = (
    "ma_so_bhxh,quy,tu_thang,den_thang,ma_don_vi,ten_don_vi,chuc_vu,tien_luong,trang_thai\n"
    f"{people.CITIZEN.ma_so},BHXH,01/2020,12/2021,TZ0001A,Công ty Mẫu Một,Công nhân,5.000.000,da_dong\n"
    f"{people.CITIZEN.ma_so},BHXH,03/2022,04/2022,TZ0002B,Công ty Mẫu Hai,Công nhân,5.000.000,cham_dong\n"
)


def test_what_a_file_says_can_be_disputed_and_is_marked_until_it_is_answered(app, member, tmp_path):  # noqa: F811
    path = tmp_path / "dong.csv"
    path.write_text(FILE)
    done = app.test_cli_runner().invoke(args=["imports", "run", "contributions", str(path), "--yes"])
    assert done.exit_code == 0, done.output

    assert "2 năm 0 tháng" in re.sub(r"\s+", " ", pages.get(member.citizen, "/ca-nhan"))
    book = pages.get(member.citizen, "/ca-nhan/qua-trinh/bhxh")
    assert "Tổng thời gian chậm đóng: 2 tháng" in book
    row = re.search(r'href="(/ca-nhan/qua-trinh/bhxh/[0-9a-f-]{36})"', book)[1]
    detail = pages.get(member.citizen, row)
    form = re.search(r'href="(/ca-nhan/khieu-nai/contribution/[0-9a-f-]{36})"', detail)[1]
    assert "Công ty Mẫu Hai" in pages.get(member.citizen, form)

    assert people.post(member.citizen, form, {"about": "khong_phai_toi", "words": ""}, form).status_code == 303
    assert "Đang khiếu nại" in pages.get(member.citizen, "/ca-nhan/qua-trinh/bhxh")
    marked = pages.get(member.citizen, row)
    assert "Đang khiếu nại" in marked
    assert form not in marked

    again = app.test_cli_runner().invoke(args=["imports", "run", "contributions", str(path), "--yes"])
    assert "new=0 changed=0 same=2" in again.output
    assert "Đang khiếu nại" in pages.get(member.citizen, row)

    assert act(member.officer, member.engine, "done", "Đã xác minh với đơn vị, sẽ gỡ dòng này.").status_code == 303
    assert "Đang khiếu nại" not in pages.get(member.citizen, row)
