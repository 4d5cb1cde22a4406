"""Ước tính (“kết quả tham khảo”): what one would pay or receive by the law's figures of a day. Nothing is kept."""
