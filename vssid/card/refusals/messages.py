"""What is told of an answer: one SMS, without facility and words."""

from vssid.kernel.labels import N_

SUBJECT = N_("Trả lời về thẻ BHYT bị từ chối")
ANSWERED = N_(
    "VssID: Báo cáo %(code)s về thẻ BHYT bị từ chối đã có trả lời. Mở VssID, mục Thẻ BHYT, Bị từ chối để xem."
    " Hỏi: %(hotline)s."
)
